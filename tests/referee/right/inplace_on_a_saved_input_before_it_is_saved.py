import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x + 0
y.mul_(3)
y += 1
y[0] = 7.0
z = (y * y).sum()
z.backward()
print(x.grad)
