import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
seen = []
net[0].weight.register_hook(lambda g: g * 0.5)
net[2].register_full_backward_hook(lambda module, grad_in, grad_out: seen.append(grad_out[0].shape))
net(torch.randn(4, 2)).sum().backward()
print(seen, net[0].weight.grad.norm())
