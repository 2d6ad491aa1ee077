"""Two backward runs through one graph

Two losses share `y`, and backward is called for each.

The first run frees what the nodes have saved, as soon as it is used. The second comes to `PowBackward0`, which both
losses share, and the `x` saved there is gone.

Question: How far will the second backward get?
Lesson: F3.1
Variant: the error
Cure: f03-second-backward-cured
"""

import torch

x = torch.tensor([1., 2., 3.], requires_grad=True)
y = x ** 2
loss_a = y.sum()
loss_b = y.mean()
loss_a.backward()
loss_b.backward()
print("x.grad =", x.grad)
