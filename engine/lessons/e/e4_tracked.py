"""A path cut by no_grad

The same without the block: both ways lead back to `x`.

Where they meet, their gradients are added: 2 + 3 = 5.

Question: In which order do the two gradients reach `x`, and does it matter?
Lesson: E4.2
Variant: nothing cut
"""

import torch

x = torch.tensor(1., requires_grad=True)
y1 = x ** 2
y2 = x ** 3
y3 = y1 + y2
y3.backward()
print("y2 requires grad:", y2.requires_grad)
print("x.grad =", x.grad)
