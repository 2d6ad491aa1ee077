import torch
from torch import nn


def normalise(weight):
    weight.data = weight.data / weight.data.norm(dim=1, keepdim=True)


def main():
    torch.manual_seed(0)
    prototypes = nn.Linear(3, 4, bias=False)
    encoder = nn.Linear(2, 3)
    scores = prototypes(encoder(torch.randn(5, 2)))
    loss = nn.functional.cross_entropy(scores, torch.tensor([0, 1, 2, 3, 0]))
    normalise(prototypes.weight)
    loss.backward()
    print(encoder.weight.grad)


if __name__ == "__main__":
    main()
