import torch
from torch import nn

torch.manual_seed(0)
cell, head = nn.GRUCell(2, 4), nn.Linear(4, 1)
opt = torch.optim.SGD([*cell.parameters(), *head.parameters()], lr=0.01)
h = torch.zeros(3, 4)
for _ in range(3):
    x, y = torch.randn(3, 2), torch.randn(3, 1)
    h = cell(x, h)
    loss = nn.functional.mse_loss(head(h), y)
    opt.zero_grad()
    loss.backward()
    opt.step()

# expect: second-backward line=10|13
