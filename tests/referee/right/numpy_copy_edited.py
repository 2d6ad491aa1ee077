import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = x.exp()
plot = y.detach().clone().numpy()
plot[:] = 0
more = y.detach().numpy().copy()
more += 1
y.sum().backward()
print(x.grad)
