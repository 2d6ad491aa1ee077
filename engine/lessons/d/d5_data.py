"""A saved tensor is overwritten

The same program with `.data` in place of `detach()`.

It is on the same storage, too, so `b` is zeroed just the same. But `.data` has a version number of its own: the one of
`b` stays 0, and `MulBackward0` has no way to notice.

So backward runs, and multiplies by zeros where it should have multiplied by `[9, 2, 2]`. The right gradient is
`[6, 1.3333, 1.3333]`.

Question: What will `a.grad` be, and does PyTorch warn?
Lesson: D5.2
Variant: .data
"""

import torch

a = torch.tensor([7., 0., 0.], requires_grad=True)
b = a + 2
loss = torch.mean(b * b)

b_ = b.data
b_.zero_()

loss.backward()
print("a.grad =", a.grad)
