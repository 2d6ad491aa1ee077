import torch
from torch import nn


def loss_of(model, x, y):
    return (model(x) - y).pow(2).sum(dim=1)


def main():
    torch.manual_seed(0)
    model = nn.Linear(2, 2)
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    opt.zero_grad()
    loss_of(model, torch.randn(3, 2), torch.randn(3, 2)).backward()
    opt.step()


main()

# expect: non-scalar-root line=14
