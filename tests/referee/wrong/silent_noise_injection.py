import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(3, 5), nn.Sigmoid(), nn.Linear(5, 1))
opt = torch.optim.Adam(net.parameters(), lr=0.01)
x, y = torch.randn(10, 3), torch.randn(10, 1)
for _ in range(3):
    loss = nn.functional.mse_loss(net(x), y)
    for p in net.parameters():
        p.data.add_(0.05 * torch.randn_like(p))
    opt.zero_grad()
    loss.backward()
    opt.step()

# expect: silent-wrong-gradient line=11
