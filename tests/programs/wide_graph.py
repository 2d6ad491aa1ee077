import torch
leaves = [torch.full((2,), float(i), requires_grad=True) for i in range(400)]
first, last = leaves[0], leaves[-1]
torch.stack([leaf.sin() for leaf in leaves]).sum().backward()
print(first.grad, last.grad)
