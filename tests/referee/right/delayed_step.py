import torch
from torch import nn

torch.manual_seed(0)
net = nn.Linear(2, 1)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for i in range(3):
    if i:
        opt.step()
        opt.zero_grad()
    net(torch.randn(4, 2)).pow(2).mean().backward()
opt.step()
