import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 4), nn.ReLU(inplace=True), nn.Dropout(0.2), nn.Linear(4, 1))
loss = net(torch.randn(3, 2)).pow(2).mean()
loss.backward()
print(net[0].weight.grad.shape)
