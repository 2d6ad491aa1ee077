import torch
from torch import nn

torch.manual_seed(0)


def init_(net):
    for p in net.parameters():
        nn.init.uniform_(p, -0.1, 0.1)


model = nn.Sequential(nn.Linear(2, 3), nn.Sigmoid(), nn.Linear(3, 1))
init_(model)
out = model(torch.randn(4, 2)).sum()
model[2].weight.data.zero_()
out.backward()

# expect: silent-wrong-gradient line=15 tensor=model.2.weight
