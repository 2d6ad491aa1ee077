"""The derivative of x² at 1

The school rule as a graph of one node: the slope of `x ** 2` is `2 * x`.

`PowBackward0` needs `x` for this, so it saved it during the forward. It is freed when backward has used it.

Question: What would `x.grad` be for `x = 3`?
Lesson: C2
"""

import torch

x = torch.tensor(1., requires_grad=True)
y = x ** 2
y.backward()
print("x.grad =", x.grad)
