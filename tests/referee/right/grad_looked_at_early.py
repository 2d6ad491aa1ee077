import torch

x = torch.tensor(2.0, requires_grad=True)
y = x**2
print("before", x.grad)
y.backward()
print("after", x.grad)
x.grad = None
print("cleared", x.grad)
