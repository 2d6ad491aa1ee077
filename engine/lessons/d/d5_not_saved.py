"""A saved tensor is overwritten

This time nobody saved `b`.

A sum needs no numbers for its backward, only the shape. So even a change through `.data` does no harm to the gradient.
In-place changes are dangerous only where something was saved.

Question: What did `SumBackward0` save?
Lesson: D5.7
Variant: nothing was saved
"""

import torch

a = torch.tensor([7., 0., 0.], requires_grad=True)
b = a + 2
b.data.zero_()
loss = b.sum()

loss.backward()
print("a.grad =", a.grad)
