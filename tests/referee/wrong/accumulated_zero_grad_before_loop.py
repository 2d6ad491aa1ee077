import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))
opt = torch.optim.Adam(net.parameters(), lr=0.01)
data = [(torch.randn(4, 2), torch.randn(4, 1)) for _ in range(4)]
opt.zero_grad()
for x, y in data:
    loss = (net(x) - y).abs().mean()
    loss.backward()
    opt.step()

# expect: grad-accumulated line=11|12
