"""Whole numbers that should require grad

`torch.arange(3.)` counts in floating-point numbers.

The point is enough: PyTorch takes the dtype from the number.

Question: How else could the dtype be given?
Lesson: F19.2
Variant: the cure
"""

import torch

x = torch.arange(3., requires_grad=True)
loss = (x ** 2).sum()
loss.backward()
print("x.grad =", x.grad)
