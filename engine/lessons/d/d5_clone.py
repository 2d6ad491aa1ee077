"""A saved tensor is overwritten

This time a copy is zeroed, made by `clone()`.

`clone()` copies the elements to a storage of their own. Zeroing the copy leaves `b` as it was, and the gradient is right.

Question: Which storage does `zero_()` write to?
Lesson: D5.3
Variant: clone()
"""

import torch

a = torch.tensor([7., 0., 0.], requires_grad=True)
b = a + 2
loss = torch.mean(b * b)

b_ = b.clone()
b_.zero_()

loss.backward()
print("a.grad =", a.grad)
