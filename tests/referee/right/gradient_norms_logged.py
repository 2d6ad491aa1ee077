import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(3, 3), nn.ReLU(), nn.Linear(3, 1))
x, y = torch.randn(5, 3), torch.rand(5, 1).round()
opt = torch.optim.Adagrad(net.parameters(), lr=0.1)
for _ in range(3):
    opt.zero_grad()
    nn.functional.binary_cross_entropy_with_logits(net(x), y).backward()
    norms = {name: round(p.grad.norm().item(), 4) for name, p in net.named_parameters()}
    print(norms)
    opt.step()
