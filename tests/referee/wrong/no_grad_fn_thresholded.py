import torch
from torch import nn


def dice(pred, target):
    pred = (pred > 0.5).float()
    return 1 - 2 * (pred * target).sum() / (pred.sum() + target.sum())


torch.manual_seed(0)
net = nn.Sequential(nn.Conv2d(1, 1, 3, padding=1), nn.Sigmoid())
loss = dice(net(torch.randn(1, 1, 4, 4)), torch.ones(1, 1, 4, 4))
loss.backward()

# expect: no-grad-fn line=6
