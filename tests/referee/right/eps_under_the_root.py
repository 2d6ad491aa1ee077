import torch

a = torch.tensor([1.0, 2.0], requires_grad=True)
distance = ((a - a.detach()).pow(2).sum() + 1e-12).sqrt()
zero = torch.zeros(3, requires_grad=True)
(distance + zero.norm()).backward()
print(a.grad, zero.grad)
