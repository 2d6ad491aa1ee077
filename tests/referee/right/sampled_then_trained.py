import torch
from torch import nn

torch.manual_seed(0)
flow = nn.Linear(2, 2)
opt = torch.optim.SGD(flow.parameters(), lr=0.05)
for _ in range(2):
    with torch.no_grad():
        samples = flow(torch.randn(4, 2))
    samples.clamp_(-1, 1)
    loss = (flow(samples) - samples).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
