import torch
from torch import nn

torch.manual_seed(0)
heads = nn.ModuleList(nn.Linear(2, 1) for _ in range(3))
loss = torch.zeros(())
for head in heads:
    loss += head(torch.randn(4, 2)).pow(2).mean()
loss /= 3
loss.backward()
print(heads[2].weight.grad)
