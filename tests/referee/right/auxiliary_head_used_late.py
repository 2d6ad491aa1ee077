import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(2, 2)
        self.main = nn.Linear(2, 1)
        self.aux = nn.Linear(2, 1)

    def forward(self, x, use_aux):
        h = self.body(x).relu()
        out = self.main(h)
        return out + self.aux(h) if use_aux else out


def train():
    net = Net()
    opt = torch.optim.SGD(net.parameters(), lr=0.1)
    for step in range(8):
        loss = net(torch.ones(1, 2), step > 5).sum()
        opt.zero_grad()
        loss.backward()
        opt.step()


train()
