"""A leaf changed through .data

`x` is changed before anything is calculated from it.

Nothing was saved yet. The forward pass meets the new numbers, backward uses the same ones, and the gradient is right:
2 · x with the `x` of now.

Question: Will `x.grad` be `[2, 4, 6]` or `[20, 40, 60]`?
Lesson: E5.1
Variant: before the forward pass
"""

import torch

x = torch.tensor([1., 2., 3.], requires_grad=True)
x.data.mul_(10)
y = x ** 2
y.sum().backward()
print("y =", y.tolist())
print("x.grad =", x.grad)
