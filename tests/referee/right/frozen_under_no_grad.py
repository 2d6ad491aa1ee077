import torch
from torch import nn

torch.manual_seed(0)
encoder, head = nn.Linear(4, 3), nn.Linear(3, 1)
opt = torch.optim.Adam(head.parameters(), lr=0.01)
with torch.no_grad():
    features = encoder(torch.randn(5, 4))
for _ in range(3):
    opt.zero_grad()
    loss = head(features).pow(2).mean()
    loss.backward()
    opt.step()
