import torch
from torch import nn


class Scale(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(n))
        self.weight.fill_(1.0)

    def forward(self, x):
        return x * self.weight


print(Scale(3)(torch.ones(3)))

# expect: leaf-inplace line=9
