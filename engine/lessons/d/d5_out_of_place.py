"""A saved tensor is overwritten

This time nothing is changed: `b * 0` makes a new tensor.

The name `b` now means the new tensor. The old one lives on inside the graph of `loss`, with its numbers unchanged, and the
gradient is right.

Question: After `b = b * 0`, what does `MulBackward0` of `loss` hold?
Lesson: D5.6
Variant: out of place
"""

import torch

a = torch.tensor([7., 0., 0.], requires_grad=True)
b = a + 2
loss = torch.mean(b * b)

b = b * 0

loss.backward()
print("b      =", b)
print("a.grad =", a.grad)
