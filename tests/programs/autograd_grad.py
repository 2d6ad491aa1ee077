import torch
x = torch.tensor([1.0, 2.0], requires_grad=True)
w = torch.tensor(3.0, requires_grad=True)
print(torch.autograd.grad((w * x).sum(), (x, w)), x.grad)
try:
    torch.autograd.grad((w * 2).sum(), x)
except RuntimeError as error:
    print(error)
print(torch.autograd.grad((w * 2).sum(), [x, w], allow_unused=True))
