import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.utils.parametrizations.weight_norm(nn.Linear(3, 4)), nn.ELU(), nn.Linear(4, 1))
opt = torch.optim.Adam(net.parameters(), lr=0.01)
for _ in range(2):
    opt.zero_grad()
    net(torch.randn(4, 3)).pow(2).mean().backward()
    opt.step()
