import torch

torch.manual_seed(0)
w = torch.randn(2, 3, requires_grad=True)
x = torch.randn(4, 3)
out = (x @ w.t()).tanh()
across = out.t().data
across *= 0.5
out.sum().backward()
print(w.grad)

# expect: silent-wrong-gradient line=8
