import torch

torch.manual_seed(0)
w = torch.randn(3, 2, dtype=torch.double, requires_grad=True)
x = torch.randn(4, 3, dtype=torch.double)
print(torch.autograd.gradcheck(lambda t: torch.tanh(x @ t), (w,)))
