import torch

w = torch.empty(2, 3, requires_grad=True)
torch.nn.init.ones_(w)
with torch.no_grad():
    w[0, 0] = 5.0
    w *= 0.5
(w**2).sum().backward()
print(w.grad)
