"""Losses and their gradients

The same logits, without a sigmoid before: `BCEWithLogitsLoss` has its own.

It works out loss and derivative together, and nothing is saturated on the way. The gradient is `sigmoid(z) − target`,
here close to 1, and the loss goes on growing with z.

Question: What is the gradient for z = 200?
Lesson: C6.5
Variant: BCEWithLogits
"""

import torch
from torch import nn

target = torch.zeros(4)
z = torch.tensor([2., 15., 20., 200.], requires_grad=True)
loss = nn.BCEWithLogitsLoss(reduction="none")(z, target)
print("loss =", loss.tolist())

loss.sum().backward()
print("z.grad =", z.grad.tolist())
