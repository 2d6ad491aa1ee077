import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(3, 3), nn.ReLU(), nn.Linear(3, 2))
net[2] = nn.Linear(3, 4)
net[0].weight = nn.Parameter(torch.eye(3))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(2):
    opt.zero_grad()
    net(torch.randn(2, 3)).pow(2).mean().backward()
    opt.step()
