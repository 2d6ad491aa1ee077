import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
optimizers = {p: torch.optim.SGD([p], lr=0.1) for p in net.parameters()}


def step(p):
    optimizers[p].step()
    optimizers[p].zero_grad()


for p in net.parameters():
    p.register_post_accumulate_grad_hook(step)
for _ in range(2):
    net(torch.randn(4, 2)).pow(2).mean().backward()
