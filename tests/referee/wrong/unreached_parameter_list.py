import torch
from torch import nn


class Mixture(nn.Module):
    def __init__(self):
        super().__init__()
        self.experts = nn.ModuleList(nn.Linear(2, 1) for _ in range(3))
        self.gate = nn.Linear(2, 3)

    def forward(self, x):
        choice = self.gate(x).argmax(1)
        outs = torch.stack([e(x) for e in self.experts], dim=1)
        return outs[torch.arange(len(x)), choice]


torch.manual_seed(0)
net = Mixture()
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(2):
    opt.zero_grad()
    net(torch.randn(4, 2)).pow(2).mean().backward()
    opt.step()
print(net.gate.weight.grad)

# expect: grad-none-unreached line=12|24
