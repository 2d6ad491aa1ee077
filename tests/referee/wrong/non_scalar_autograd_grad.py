import torch

t = torch.linspace(0, 1, 4, requires_grad=True)
u = torch.sin(t)
try:
    du = torch.autograd.grad(u, t)
except RuntimeError as error:
    print(error)
print(torch.autograd.grad(u, t, torch.ones_like(u)))

# expect: non-scalar-root line=6
