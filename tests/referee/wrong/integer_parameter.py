import torch
from torch import nn


class Shift(nn.Module):
    def __init__(self):
        super().__init__()
        self.offset = nn.Parameter(torch.tensor([1, 2]))

    def forward(self, x):
        return x + self.offset


print(Shift()(torch.ones(2)))

# expect: integer-requires-grad line=8
