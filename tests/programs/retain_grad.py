import torch
x = torch.ones(2, requires_grad=True)
y = x * 3
y.retain_grad()
(y * y).sum().backward()
print(y.grad, y.retains_grad, x.grad)
