"""Where are the gradients of y and z?

`retain_grad()` asks, before backward runs, for a gradient to be kept.

It changes nothing else: the same gradients flow, two more are written down.

Question: `z.grad` is 1/4 everywhere. Why?
Lesson: E3.2
Variant: retain_grad()
"""

import torch

x = torch.ones(2, 2, requires_grad=True)
y = x + 2
z = y * y * 3
y.retain_grad()
z.retain_grad()
out = z.mean()
out.backward()
print("x.grad =", x.grad)
print("y.grad =", y.grad)
print("z.grad =", z.grad)
