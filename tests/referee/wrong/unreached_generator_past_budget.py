import torch
from torch import nn

torch.manual_seed(0)
G, D = nn.Linear(2, 3), nn.Linear(3, 1)
opt_g, opt_d = torch.optim.Adam(G.parameters()), torch.optim.Adam(D.parameters())
bce = nn.BCEWithLogitsLoss()
for _ in range(2):
    fake = G(torch.randn(4, 2)).detach()
    opt_d.zero_grad()
    (bce(D(torch.randn(4, 3)), torch.ones(4, 1)) + bce(D(fake), torch.zeros(4, 1))).backward()
    opt_d.step()
    opt_g.zero_grad()
    bce(D(fake), torch.ones(4, 1)).backward()
    opt_g.step()

# expect: grad-none-unreached line=9 tensor=G.weight|G.bias
