"""A leaf and what grows from it

The same with whole numbers.

A derivative asks what a very small change would do, and integers have no small changes: only tensors of floating point or
complex numbers can require grad.

Question: What is the smallest change to this program that makes it run?
Lesson: E1.2
Variant: integers
"""

import torch

x = torch.tensor([1, 2, 3], requires_grad=True)
y = x + 2
z = y * y * 3
print("z =", z)
