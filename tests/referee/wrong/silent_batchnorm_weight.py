import torch
from torch import nn

torch.manual_seed(0)
conv, bn = nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2)
x = torch.randn(2, 1, 6, 6)
loss = bn(conv(x)).pow(3).mean()
bn.weight.data.fill_(0.1)
loss.backward()
print(conv.weight.grad.abs().max())

# expect: silent-wrong-gradient line=8 tensor=bn.weight
