"""Losses and their gradients

The formula of the loss as it stands in a book, written down by hand.

Where the sigmoid is exactly 1 the logarithm of `1 − p` is minus infinity. Backward divides by 0 there, and infinity
times the derivative of the saturated sigmoid, 0, is NaN.

Question: What is the gradient for z = 200?
Lesson: C6.6
Variant: by hand
Cure: c6-bce-with-logits
"""

import torch
from torch import nn

target = torch.zeros(4)
z = torch.tensor([2., 15., 20., 200.], requires_grad=True)
p = torch.sigmoid(z)
loss = -(target * torch.log(p) + (1 - target) * torch.log(1 - p))
print("p =   ", p.tolist())
print("loss =", loss.tolist())

loss.sum().backward()
print("z.grad =", z.grad.tolist())
