import torch
x = torch.ones(3, requires_grad=True)
y = x * 2
y.add_(1)
y[0] = 5
y.sum().backward()
print(x.grad, y._version)
v = torch.zeros(4)
v[1:3].fill_(2)
v += 1
print(v, v._version)
try:
    x.add_(1)
except RuntimeError as error:
    print(error)
