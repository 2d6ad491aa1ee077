import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.ReLU(inplace=True), nn.Linear(3, 1))
out = net(torch.randn(4, 2))
out.mean().backward()

# expect: inplace-error line=6
