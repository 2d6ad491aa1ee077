"""A saved tensor is overwritten

This time `b` is zeroed through a NumPy array.

`numpy()` gives an array on the same storage. NumPy knows nothing of version numbers, so this change is as silent as the
one through `.data`: no error, and a gradient of zeros instead of `[6, 1.3333, 1.3333]`.

Question: `detach()` was safe before, in that it raised. Is it still?
Lesson: D5.5
Variant: numpy()
"""

import torch

a = torch.tensor([7., 0., 0.], requires_grad=True)
b = a + 2
loss = torch.mean(b * b)

b.detach().numpy()[:] = 0

loss.backward()
print("a.grad =", a.grad)
