import torch, traceback
def outer(x):
    return inner(x)
def inner(x):
    return torch.nn.Linear(3, 2)(x)
try:
    outer(torch.ones(2, requires_grad=True))
except RuntimeError:
    traceback.print_exc()
try:
    torch.ones(2, requires_grad=True).backward()
except RuntimeError:
    print(traceback.format_exc())
