"""A path cut by no_grad

`y3` depends on `x` in two ways, and one of them is calculated under `torch.no_grad()`.

For autograd `y2` is a number that fell from the sky. Only the way through `y1` counts: 2 · x = 2. With both it would be
2 · x + 3 · x² = 5.

Question: What would `x.grad` be without the `no_grad`?
Lesson: E4.1
"""

import torch

x = torch.tensor(1., requires_grad=True)
y1 = x ** 2
with torch.no_grad():
    y2 = x ** 3
y3 = y1 + y2
y3.backward()
print("y2 requires grad:", y2.requires_grad)
print("x.grad =", x.grad)
