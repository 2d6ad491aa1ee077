import torch

a = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(2.0, requires_grad=True)
ga, gb = torch.autograd.grad(a * 3, [a, b], allow_unused=True)
print(ga, gb)
