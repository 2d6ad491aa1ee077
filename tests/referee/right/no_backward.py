import torch

a = torch.arange(6.0).reshape(2, 3)
b = a.t() @ a
a[0] = 1
b += 1
print(a.mean(), b.numpy().shape, (a > 2).sum().item())
w = torch.ones(3, requires_grad=True)
print((a @ w).sum())
