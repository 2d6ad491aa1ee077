import torch

x = torch.tensor([4.0, 0.0, -1.0], requires_grad=True)
safe = torch.where(x > 0, x, torch.ones_like(x))
y = torch.where(x > 0, safe.sqrt(), torch.zeros_like(x))
y.sum().backward()
assert x.grad.tolist() == [0.25, 0.0, 0.0]
