"""A leaf changed through .data

The same line, moved down: now between the forward pass and backward.

`PowBackward0` saved `x` to calculate 2 · x. Its numbers are changed behind its back, through `.data`, so the version stays
0 and nobody notices.

`y` was calculated from `[1, 2, 3]`, and its gradient is `[2, 4, 6]`. Backward gives `[20, 40, 60]`, without a word.

Question: `y` does not change any more. Can `x.grad` still go wrong?
Lesson: E5.2
Variant: between forward and backward
"""

import torch

x = torch.tensor([1., 2., 3.], requires_grad=True)
y = x ** 2
x.data.mul_(10)
y.sum().backward()
print("y =", y.tolist())
print("x.grad =", x.grad)
