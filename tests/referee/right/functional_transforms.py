import torch

w = torch.tensor([1.0, 2.0])
x = torch.tensor([[1.0, 0.0], [0.5, 2.0]])
gradient = torch.func.grad(lambda v: (x @ v).pow(2).sum())(w)
per_row = torch.func.vmap(torch.func.grad(lambda v, row: (row @ v).pow(2)), in_dims=(None, 0))(w, x)
print(torch.allclose(gradient, per_row.sum(0)))
