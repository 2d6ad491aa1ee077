import torch
from torch import nn

torch.manual_seed(0)
embed = nn.Linear(3, 2)
v = embed(torch.randn(4, 3))
v /= v.norm(dim=1, keepdim=True)
loss = v.sum()
loss.backward()

# expect: inplace-error line=7 tensor=v
