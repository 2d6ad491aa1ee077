"""Gradients add up

The same loss twice, without clearing `x.grad` in between.

Each pass builds a new graph and runs backward through it once. The gradient is 4.5 everywhere, both times. But backward
does not replace `x.grad`, it adds to it: after the second pass it is 9.

That is on purpose, for a leaf that is used in several losses. A training loop clears the gradients in every step.

Question: What will be printed in the second pass?
Lesson: E2
"""

import torch

x = torch.ones(2, 2, requires_grad=True)

for i in range(2):
    y = x + 2
    z = y * y * 3
    out = z.mean()
    out.backward()
    print(x.grad)
