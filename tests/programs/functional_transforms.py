import torch
from torch.func import grad, vmap, jacrev
f = lambda a: (a ** 3).sum()
x = torch.arange(6.0).reshape(3, 2)
print(vmap(grad(f))(x))
print(jacrev(lambda a: a * a)(torch.ones(2)))
w = torch.ones(2, requires_grad=True)
vmap(lambda row: (row * w).sum())(x).sum().backward()
print(w.grad)
