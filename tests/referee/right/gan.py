import torch
from torch import nn

torch.manual_seed(0)
gen, disc = nn.Linear(2, 2), nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 1))
g_opt = torch.optim.Adam(gen.parameters(), lr=1e-3)
d_opt = torch.optim.Adam(disc.parameters(), lr=1e-3)
bce = nn.BCEWithLogitsLoss()
ones, zeros = torch.ones(6, 1), torch.zeros(6, 1)
for _ in range(2):
    fake = gen(torch.randn(6, 2))
    d_opt.zero_grad()
    d_loss = bce(disc(torch.randn(6, 2)), ones) + bce(disc(fake.detach()), zeros)
    d_loss.backward()
    d_opt.step()
    g_opt.zero_grad()
    g_loss = bce(disc(fake), ones)
    g_loss.backward()
    g_opt.step()
