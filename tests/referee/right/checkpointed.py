import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

torch.manual_seed(0)
block, head = nn.Sequential(nn.Linear(3, 3), nn.Tanh()), nn.Linear(3, 1)
opt = torch.optim.SGD([*block.parameters(), *head.parameters()], lr=0.1)
for _ in range(2):
    x = torch.randn(4, 3)
    loss = head(checkpoint(block, x, use_reentrant=False)).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
