import torch

torch.manual_seed(0)
w = torch.randn(3, requires_grad=True)
out = torch.zeros(4)
for i in range(4):
    out[i] = (w * i).sum()
out.pow(2).sum().backward()
print(w.grad)
