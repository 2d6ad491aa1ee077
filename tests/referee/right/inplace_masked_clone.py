import torch

x = torch.tensor([-1.0, 2.0, 3.0], requires_grad=True)
y = (x * x).clone()
y[y > 5] = 5.0
y.mul_(torch.tensor([1.0, 2.0, 3.0]))
y.sum().backward()
assert x.grad.tolist() == [-2.0, 8.0, 0.0]
