"""An in-place call before backward

`y = x * 2`, and then `y.add_(1)` writes over `y`.

A product with a plain number saves nothing of its result: for backward it needs the 2 alone. Nobody misses the old
numbers, and the gradient is 2 everywhere.

What counts is whether something was saved, not whether a name ends in `_`. An in-place call takes its place in the
graph like any other: `y` now comes from `AddBackward0`.

Question: Does backward need the old numbers of `y`?
Lesson: F2.1
Variant: add_()
"""

import torch

x = torch.tensor([0., 1.], requires_grad=True)
y = x * 2
y.add_(1)
loss = y.sum()
loss.backward()
print("x.grad =", x.grad)
