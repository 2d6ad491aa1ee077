import torch
from torch import nn

torch.manual_seed(0)
gen, disc = nn.Linear(3, 2), nn.Linear(2, 1)
g_opt = torch.optim.SGD(gen.parameters(), lr=0.01)
d_opt = torch.optim.SGD(disc.parameters(), lr=0.01)
for _ in range(2):
    g_opt.zero_grad()
    samples = gen(torch.randn(4, 3))
    g_loss = -disc(samples).mean()
    g_loss.backward()
    g_opt.step()
    d_opt.zero_grad()
    d_loss = disc(samples.detach()).mean() - disc(torch.randn(4, 2)).mean()
    d_loss.backward()
    d_opt.step()
