import torch
from torch import nn

torch.manual_seed(0)
cell = nn.RNNCell(2, 3)
opt = torch.optim.SGD(cell.parameters(), lr=0.1)
h = torch.zeros(1, 3)
for x in torch.randn(3, 1, 2):
    h.detach_()
    h = cell(x, h)
    opt.zero_grad()
    h.sum().backward()
    opt.step()
