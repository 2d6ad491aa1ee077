import torch
from torch import nn

torch.manual_seed(0)
x, y = torch.randn(6, 2), torch.randn(6, 1)
for width in (2, 3, 4):
    net = nn.Sequential(nn.Linear(2, width), nn.Tanh(), nn.Linear(width, 1))
    loss = nn.functional.mse_loss(net(x), y)
    loss.backward()
    print(width, sum(p.grad.abs().sum().item() for p in net.parameters()))
