"""A result is changed before backward

`y = y + 1` makes a new tensor instead.

The name `y` now means the new tensor. The old one lives on in `ExpBackward0`, unchanged, and the gradient is exp(x).

Question: Which of the two tensors does `ExpBackward0` hold?
Lesson: F1.2
Variant: the cure
"""

import torch

x = torch.tensor([0., 1.], requires_grad=True)
y = torch.exp(x)
y = y + 1
loss = y.sum()
loss.backward()
print("x.grad =", x.grad)
