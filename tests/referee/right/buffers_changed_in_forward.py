import torch
from torch import nn


class Centre(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.zeros(3))
        self.scale = nn.Parameter(torch.ones(3))

    def forward(self, x):
        with torch.no_grad():
            self.mean.mul_(0.9).add_(0.1 * x.mean(0))
        return (x - self.mean) * self.scale


torch.manual_seed(0)
layer = Centre()
for _ in range(3):
    layer.scale.grad = None
    loss = layer(torch.randn(4, 3)).pow(2).mean()
    loss.backward()
print(layer.scale.grad)
