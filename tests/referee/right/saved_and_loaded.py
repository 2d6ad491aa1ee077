import io

import torch
from torch import nn

torch.manual_seed(0)
net = nn.Linear(2, 1)
opt = torch.optim.Adam(net.parameters())
file = io.BytesIO()
for _ in range(2):
    opt.zero_grad()
    net(torch.randn(3, 2)).pow(2).mean().backward()
    opt.step()
torch.save({"net": net.state_dict(), "opt": opt.state_dict()}, file)
file.seek(0)
kept = torch.load(file)
net.load_state_dict(kept["net"])
opt.load_state_dict(kept["opt"])
