import torch
from torch import nn


def main():
    torch.manual_seed(0)
    gate = nn.Linear(2, 4)
    experts = nn.ModuleList([nn.Linear(2, 2) for _ in range(4)])
    opt = torch.optim.Adam([*gate.parameters(), *experts.parameters()])
    for _ in range(5):
        x = torch.randn(1, 2)
        p = gate(x).softmax(-1)
        k = int(p.argmax())
        y = experts[k](x) * p[0, k]
        opt.zero_grad()
        y.sum().backward()
        opt.step()


main()
