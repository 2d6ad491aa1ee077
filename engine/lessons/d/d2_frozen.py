"""Frozen parameters

The two convolutions again, with every parameter frozen.

Now no input of the first convolution requires grad, so its result does not, and so on to the end. PyTorch calculates the
output and records nothing: there is no graph, and nothing for backward to start from.

Question: How many nodes does the graph have?
Lesson: D2.1
Variant: all frozen
"""

import torch
from torch import nn

batch = torch.rand(8, 3, 50, 100)
model = nn.Sequential(
    nn.Conv2d(3, 16, 3, padding=1),
    nn.Conv2d(16, 32, 3, padding=1),
)
model.requires_grad_(False)
output = model(batch)
print("output requires grad:", output.requires_grad)
print("output.grad_fn =", output.grad_fn)
