import torch
from torch import nn

torch.manual_seed(0)
backbone = nn.Sequential(nn.Linear(3, 3), nn.ReLU(), nn.Linear(3, 1))
for p in backbone.parameters():
    p.requires_grad = False
loss = backbone(torch.randn(4, 3)).mean()
loss.backward()

# expect: no-grad-fn line=7
