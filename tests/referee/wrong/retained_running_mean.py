import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
mean = torch.zeros(())
for _ in range(4):
    loss = net(torch.randn(6, 2)).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    mean = 0.9 * mean + 0.1 * loss
print(f"{mean.item():.4f}")

# expect: graph-retained line=13
