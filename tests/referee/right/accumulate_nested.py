import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))
opt = torch.optim.Adam(net.parameters())
for _ in range(2):
    opt.zero_grad()
    for _ in range(3):
        x = torch.randn(4, 2)
        loss = (net(x) - x.sum(1, keepdim=True)).pow(2).mean() / 3
        loss.backward()
    opt.step()
