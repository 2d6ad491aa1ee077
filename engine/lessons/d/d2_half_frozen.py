"""Frozen parameters

This time only the first layer is frozen.

Its result does not require grad and counts as data for the second layer. The graph begins there, and its only leaves are
the weight and the bias of the second layer. This is how a trained network is given a new last layer.

Question: Freeze the second layer instead. Which nodes come back, and why?
Lesson: D2.2
Variant: first layer frozen
"""

import torch
from torch import nn

batch = torch.rand(8, 3, 50, 100)
model = nn.Sequential(
    nn.Conv2d(3, 16, 3, padding=1),
    nn.Conv2d(16, 32, 3, padding=1),
)
model[0].requires_grad_(False)
output = model(batch)
print("output requires grad:", output.requires_grad)

output.mean().backward()
print("model[0].weight.grad =", model[0].weight.grad)
print("model[1].weight.grad:", tuple(model[1].weight.grad.shape))
