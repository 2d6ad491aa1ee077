import torch
from torch import nn

torch.manual_seed(0)
G, D = nn.Linear(2, 3), nn.Linear(3, 1)
opt_g, opt_d = torch.optim.RMSprop(G.parameters()), torch.optim.RMSprop(D.parameters())
for _ in range(2):
    for _ in range(5):
        with torch.no_grad():
            fake = G(torch.randn(4, 2))
        opt_d.zero_grad()
        (D(fake).mean() - D(torch.randn(4, 3)).mean()).backward()
        opt_d.step()
        for p in D.parameters():
            p.data.clamp_(-0.01, 0.01)
    opt_g.zero_grad()
    (-D(G(torch.randn(4, 2))).mean()).backward()
    opt_g.step()
    opt_g.zero_grad()
