import torch

w = torch.ones(3, requires_grad=True)
x = torch.ones(4, 2)
try:
    out = x @ w
except RuntimeError as error:
    print(error)
    out = torch.ones(4, 3) @ w
out.sum().backward()
print(w.grad)
