import torch
from torch import nn

torch.manual_seed(0)
left, right = nn.Linear(2, 1), nn.Linear(2, 1)
opt = torch.optim.SGD([*left.parameters(), *right.parameters()], lr=0.1)
for i in range(3):
    expert = (left, right)[i % 2]
    loss = expert(torch.randn(3, 2)).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
