"""A saved tensor is overwritten

`b` is needed for backward, and zeroed through `detach()` before backward runs.

`b * b` saved `b`, because its backward needs it. `b.detach()` gives a tensor outside the graph, but on the same storage
and with the same version number: zeroing it zeroes `b`, and moves the version from 0 to 1.

When `MulBackward0` takes out its saved `b`, it finds version 1 where it had noted 0. It refuses to calculate with wrong
numbers. The error is a good one: without it the gradient would be wrong and nobody would know.

Question: Will backward run, raise, or give a wrong result?
Lesson: D5.1
Variant: detach()
"""

import torch

a = torch.tensor([7., 0., 0.], requires_grad=True)
b = a + 2
loss = torch.mean(b * b)

b_ = b.detach()
b_.zero_()

loss.backward()
print("a.grad =", a.grad)
