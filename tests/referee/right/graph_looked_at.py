import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x * 2
z = y.sum()
print(z.grad_fn.name(), len(z.grad_fn.next_functions), y.is_leaf, x.grad_fn, y._version)
z.backward()
print(x.grad, x.is_leaf)
