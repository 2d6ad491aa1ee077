import torch
from torch import nn

torch.manual_seed(0)
first, second = nn.Linear(2, 3), nn.Linear(3, 1)
h = torch.relu(first(torch.randn(4, 2)))
h.retain_grad()
second(h).mean().backward()
print(h.grad.shape, h.grad.norm() > 0)
