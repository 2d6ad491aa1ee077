import torch
x = torch.tensor([0.0, 1.0], requires_grad=True)
y = torch.where(x > 0, x / x, torch.zeros_like(x)).sum()
y.backward()
print(x.grad, float("nan"), torch.tensor([float("inf"), float("nan")]))
