"""An in-place call before backward

`y.exp_()` needs its own result for backward, and writes it over `y`.

`ExpBackward0` saves `y` after the call has written, at version 1. Nothing is written after that, so all is well: the
gradient is 2 · exp(2x).

Question: At which version is `y` saved?
Lesson: F2.2
Variant: exp_()
"""

import torch

x = torch.tensor([0., 1.], requires_grad=True)
y = x * 2
y.exp_()
loss = y.sum()
loss.backward()
print("x.grad =", x.grad)
