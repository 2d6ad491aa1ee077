"""Two backward runs through one graph

The losses are added, and backward runs once.

The gradient of a sum is the sum of the gradients. Both parts meet at `y`, and `PowBackward0` runs once, with 1 + 1/3.

Question: Which gradient arrives at `PowBackward0`, and from which two nodes?
Lesson: F3.2
Variant: cure: one backward
"""

import torch

x = torch.tensor([1., 2., 3.], requires_grad=True)
y = x ** 2
loss_a = y.sum()
loss_b = y.mean()
(loss_a + loss_b).backward()
print("x.grad =", x.grad)
