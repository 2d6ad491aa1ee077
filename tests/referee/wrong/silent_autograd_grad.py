import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = x**3
total = y.sum()
x.data.mul_(2)
(slope,) = torch.autograd.grad(total, x)
print(slope)

# expect: silent-wrong-gradient line=6 tensor=x
