import torch

x = torch.linspace(-2, 2, 5, requires_grad=True)
y = torch.tanh(x)
y.sum().backward()
points = list(zip(x.tolist(), y.tolist(), x.grad.tolist()))
print(points[2], y.detach().numpy().shape)
