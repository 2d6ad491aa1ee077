import torch
from torch import nn

torch.manual_seed(0)
gen, disc = nn.Linear(2, 3), nn.Linear(3, 1)
g_opt = torch.optim.SGD(gen.parameters(), lr=0.1)
d_opt = torch.optim.SGD(disc.parameters(), lr=0.1)
z = torch.randn(4, 2)
d_opt.zero_grad()
(disc(gen(z).detach()).mean() - disc(torch.randn(4, 3)).mean()).backward()
d_opt.step()
disc.requires_grad_(False)
g_opt.zero_grad()
(-disc(gen(z)).mean()).backward()
g_opt.step()
disc.requires_grad_(True)
