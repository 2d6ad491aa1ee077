import torch

x = torch.tensor(3.0, requires_grad=True)
y = x**2 * x
(dx,) = torch.autograd.grad(y, x)
try:
    (again,) = torch.autograd.grad(y, x)
except RuntimeError as error:
    print(str(error)[:30])

# expect: second-backward line=7
