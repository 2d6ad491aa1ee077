import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x.exp()
y.mul_(2)
try:
    torch.autograd.grad(y.sum(), x)
except RuntimeError:
    print("exp keeps its result; multiply out of place")
y = x.exp() * 2
print(torch.autograd.grad(y.sum(), x))

# expect: inplace-error line=5 tensor=y
