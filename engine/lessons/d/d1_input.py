"""The input needs no gradient

Two convolutions, and a batch of pictures whose `requires_grad` is False.

A result requires grad as soon as one of its inputs does. Here these are the weights and biases, so the output requires grad
and backward reaches them.

The batch is data. Nobody learns it, so the first convolution does not even calculate a gradient for it.

Question: Does the output require grad, when the batch does not?
Lesson: D1
"""

import torch
from torch import nn

batch = torch.rand(8, 3, 50, 100)
model = nn.Sequential(
    nn.Conv2d(3, 16, 3, padding=1),
    nn.Conv2d(16, 32, 3, padding=1),
)
output = model(batch)
print("batch requires grad: ", batch.requires_grad)
print("output requires grad:", output.requires_grad)

output.mean().backward()
print("batch.grad =", batch.grad)
print("model[0].weight.grad:", tuple(model[0].weight.grad.shape))
