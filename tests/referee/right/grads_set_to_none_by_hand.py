import torch
from torch import nn

torch.manual_seed(0)
net = nn.Linear(2, 1)
for _ in range(3):
    for p in net.parameters():
        p.grad = None
    net(torch.randn(3, 2)).pow(2).mean().backward()
    with torch.no_grad():
        for p in net.parameters():
            p.copy_(p - 0.1 * p.grad)
