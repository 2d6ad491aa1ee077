"""A leaf is changed in place

Gradient descent, written as `w -= 0.1 * w.grad`.

`w` is a leaf: its gradient is kept because no call made it. A recorded change would make it the result of a call, and
no longer a leaf. PyTorch refuses.

Question: Backward is done. Will the update run?
Lesson: F6.1
Variant: the error
Cure: f06-leaf-in-place-cured
"""

import torch

w = torch.tensor([1., 2.], requires_grad=True)
loss = (w ** 2).sum()
loss.backward()
w -= 0.1 * w.grad
print("w =", w)
