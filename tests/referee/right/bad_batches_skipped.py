import torch
from torch import nn

torch.manual_seed(0)
net = nn.Linear(2, 1)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
batches = torch.randn(3, 4, 2)
batches[1, 0, 0] = float("nan")
for x in batches:
    loss = net(x).pow(2).mean()
    if not torch.isfinite(loss):
        print("skipped")
        continue
    opt.zero_grad()
    loss.backward()
    opt.step()
