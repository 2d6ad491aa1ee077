import torch
from torch import nn


def main():
    torch.manual_seed(0)
    enc, head = nn.Linear(2, 2), nn.Linear(2, 1)
    opt = torch.optim.SGD([*enc.parameters(), *head.parameters()], lr=0.1)
    for epoch in range(8):
        h = enc(torch.randn(3, 2))
        if epoch < 4:
            h = h.detach()
        loss = head(h).pow(2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()


main()
