import torch
from torch import nn

torch.manual_seed(0)
fc = nn.Linear(4, 2)
keep = fc.weight.data.abs() > 0.2
fc.weight.data *= keep
opt = torch.optim.SGD(fc.parameters(), lr=0.1)
for _ in range(3):
    opt.zero_grad()
    fc(torch.randn(3, 4)).pow(2).mean().backward()
    fc.weight.grad *= keep
    opt.step()
    fc.weight.data.mul_(keep)
