import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(2, 2)
        self.b = nn.Linear(2, 2)
        self.c = nn.Linear(2, 1)

    def forward(self, x):
        return self.c(self.a(x).relu())


def main():
    net = Net()
    opt = torch.optim.SGD(net.parameters(), lr=0.1)
    for _ in range(2):
        opt.zero_grad()
        net(torch.ones(1, 2)).sum().backward()
        opt.step()


if __name__ == "__main__":
    main()

# expect: grad-none-unreached line=9|21
