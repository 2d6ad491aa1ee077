import torch

x = torch.tensor([1.0, 4.0, 9.0], requires_grad=True)
root = x.sqrt()
loss = (root * torch.tensor([1.0, 2.0, 3.0])).sum()
root.data[root.data > 1.5] = 1.0
loss.backward()
print(x.grad)

# expect: silent-wrong-gradient line=6 tensor=root
