import torch
from torch import nn

torch.manual_seed(0)
gen, disc = nn.Linear(2, 2), nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 1))
g_opt = torch.optim.SGD(gen.parameters(), lr=0.1)
d_opt = torch.optim.SGD(disc.parameters(), lr=0.1)
bce = nn.BCEWithLogitsLoss()
fake = gen(torch.randn(6, 2))
fooled = disc(fake)
d_loss = bce(disc(torch.randn(6, 2)), torch.ones(6, 1)) + bce(disc(fake.detach()), torch.zeros(6, 1))
g_loss = bce(fooled, torch.ones(6, 1))
d_opt.zero_grad()
d_loss.backward()
d_opt.step()
g_opt.zero_grad()
g_loss.backward()
g_opt.step()

# expect: step-before-backward|inplace-error line=15
