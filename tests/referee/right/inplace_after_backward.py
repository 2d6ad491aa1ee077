import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x.exp()
y.sum().backward()
y.detach().zero_()
y.data.fill_(3.0)
print(y, x.grad)
