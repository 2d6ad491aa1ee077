import torch
x = torch.ones(2, requires_grad=True)
y = x * 2
def broken(g):
    raise LookupError("from the hook")
y.register_hook(broken)
y.sum().backward()
