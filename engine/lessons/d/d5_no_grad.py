"""A saved tensor is overwritten

This time `b` itself is zeroed, under `torch.no_grad()`.

The block keeps the call from being recorded, but it does not make the old numbers come back. `b.zero_()` moves the
version of `b`, and backward raises as it should.

Question: Does `no_grad` make an in-place change safe?
Lesson: D5.4
Variant: no_grad
"""

import torch

a = torch.tensor([7., 0., 0.], requires_grad=True)
b = a + 2
loss = torch.mean(b * b)

with torch.no_grad():
    b.zero_()

loss.backward()
print("a.grad =", a.grad)
