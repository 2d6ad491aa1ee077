"""The gradient of a scaled weight

First the numbers, then `requires_grad_()`.

Scaling is not recorded here, since nothing requires grad yet. `requires_grad_()` makes the result a leaf.

Question: Which nodes are left in the graph?
Lesson: F7.2
Variant: the cure
"""

import torch

x = torch.tensor([1., 2., 3.])
w = (torch.ones(3) * 0.1).requires_grad_()
loss = (w * x).sum()
loss.backward()
print("w is a leaf:", w.is_leaf)
print("w.grad =", w.grad)
