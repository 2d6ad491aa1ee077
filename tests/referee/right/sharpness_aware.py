import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
x, y = torch.randn(5, 2), torch.randn(5, 1)
for _ in range(2):
    opt.zero_grad()
    nn.functional.mse_loss(net(x), y).backward()
    nudges = [0.05 * p.grad for p in net.parameters()]
    with torch.no_grad():
        for p, e in zip(net.parameters(), nudges):
            p.add_(e)
    opt.zero_grad()
    nn.functional.mse_loss(net(x), y).backward()
    with torch.no_grad():
        for p, e in zip(net.parameters(), nudges):
            p.sub_(e)
    opt.step()
