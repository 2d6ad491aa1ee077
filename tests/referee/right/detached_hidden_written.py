import torch
from torch import nn

torch.manual_seed(0)
cell, head = nn.GRUCell(2, 3), nn.Linear(3, 1)
opt = torch.optim.SGD([*cell.parameters(), *head.parameters()], lr=0.1)
h = torch.zeros(2, 3)
for _ in range(3):
    done = torch.tensor([1.0, 0.0])
    h = cell(torch.randn(2, 2), h)
    loss = head(h).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    h = h.detach() * done[:, None]
