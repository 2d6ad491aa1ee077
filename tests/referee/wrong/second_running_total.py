import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 1)
total = 0
for _ in range(3):
    total = total + model(torch.randn(3, 2)).pow(2).mean()
    total.backward()

# expect: second-backward line=8|9
