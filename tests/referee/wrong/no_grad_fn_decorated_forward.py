import torch
from torch import nn


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 2)

    @torch.no_grad()
    def forward(self, x):
        return self.fc(x).relu()


torch.manual_seed(0)
encoder = Encoder()
loss = encoder(torch.randn(4, 3)).sum()
loss.backward()

# expect: no-grad-fn line=10|12|17
