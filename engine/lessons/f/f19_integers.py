"""Whole numbers that should require grad

`torch.arange(3)` counts in whole numbers.

A gradient tells what a tiny change would do, and a whole number has no tiny changes. Only floating-point and complex
tensors can require grad.

Question: Which dtype has `torch.arange(3)`?
Lesson: F19.1
Variant: the error
Cure: f19-integers-cured
"""

import torch

x = torch.arange(3, requires_grad=True)
loss = (x ** 2).sum()
loss.backward()
print("x.grad =", x.grad)
