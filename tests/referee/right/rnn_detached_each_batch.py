import torch
from torch import nn

torch.manual_seed(0)
cell, head = nn.LSTMCell(2, 3), nn.Linear(3, 1)
opt = torch.optim.Adam([*cell.parameters(), *head.parameters()], lr=0.01)
h, c = torch.zeros(1, 3), torch.zeros(1, 3)
for _ in range(3):
    loss = 0
    for x in torch.randn(4, 1, 2):
        h, c = cell(x, (h, c))
        loss = loss + head(h).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    h, c = h.detach(), c.detach()
