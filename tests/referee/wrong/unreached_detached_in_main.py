import torch
from torch import nn


def main():
    torch.manual_seed(0)
    enc, dec = nn.Linear(3, 2), nn.Linear(2, 3)
    opt = torch.optim.Adam(list(enc.parameters()) + list(dec.parameters()))
    for _ in range(3):
        x = torch.randn(4, 3)
        z = enc(x).detach()
        loss = (dec(z) - x).pow(2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()


main()

# expect: grad-none-unreached line=11
