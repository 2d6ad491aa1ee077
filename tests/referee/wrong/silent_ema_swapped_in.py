import copy

import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 1))
average = copy.deepcopy(model)
for p in average.parameters():
    p.data.mul_(0.9)
x = torch.randn(6, 4)
loss = model(x).pow(2).mean()
for p, q in zip(model.parameters(), average.parameters()):
    p.data.copy_(q.data)
loss.backward()
print(model[0].weight.grad.norm())

# expect: silent-wrong-gradient line=14
