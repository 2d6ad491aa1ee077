import torch
from torch import nn

torch.manual_seed(0)
encoder, head = nn.Linear(4, 3), nn.Linear(3, 1)
opt = torch.optim.SGD(head.parameters(), lr=0.1)
features = encoder(torch.randn(6, 4)).sigmoid()
target = torch.randn(6, 1)
for _ in range(3):
    loss = (head(features) - target).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()

# expect: second-backward line=7|12
