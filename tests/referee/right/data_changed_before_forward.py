import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
x.data[0] = 10.0
y = (x**2).sum()
y.backward()
assert x.grad.tolist() == [20.0, 4.0, 6.0]
