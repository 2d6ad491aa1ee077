import copy

import torch
from torch import nn

torch.manual_seed(0)
net = nn.Linear(3, 1)
ema = copy.deepcopy(net).requires_grad_(False)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(3):
    x = torch.randn(4, 3)
    loss = (net(x) - ema(x)).pow(2).mean() + net(x).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    with torch.no_grad():
        for slow, fast in zip(ema.parameters(), net.parameters()):
            slow.mul_(0.9).add_(0.1 * fast)
