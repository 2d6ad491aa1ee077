import torch
from torch import nn

torch.manual_seed(0)
disc = nn.Sequential(nn.Linear(2, 4), nn.LeakyReLU(0.2), nn.Linear(4, 1))
opt = torch.optim.Adam(disc.parameters(), lr=1e-3)
bce = nn.BCEWithLogitsLoss()
for _ in range(2):
    opt.zero_grad()
    real_loss = bce(disc(torch.randn(8, 2) + 1), torch.ones(8, 1))
    real_loss.backward()
    fake_loss = bce(disc(torch.randn(8, 2)), torch.zeros(8, 1))
    fake_loss.backward()
    opt.step()
    print(real_loss.item() + fake_loss.item())
