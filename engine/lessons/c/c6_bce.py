"""Losses and their gradients

A sigmoid, then `BCELoss`. All targets are 0, so all four logits are wrong, one more than the other.

From about 17 on the sigmoid is exactly 1 in 32 bits: it is saturated. Its derivative `p (1 − p)` is then 0, and so is
the gradient, although the mistake could not be larger. The loss is wrong, too: `BCELoss` cuts it off at 100.

Question: What is the gradient for z = 200?
Lesson: C6.4
Variant: BCE
"""

import torch
from torch import nn

target = torch.zeros(4)
z = torch.tensor([2., 15., 20., 200.], requires_grad=True)
p = torch.sigmoid(z)
loss = nn.BCELoss(reduction="none")(p, target)
print("p =   ", p.tolist())
print("loss =", loss.tolist())

loss.sum().backward()
print("z.grad =", z.grad.tolist())
