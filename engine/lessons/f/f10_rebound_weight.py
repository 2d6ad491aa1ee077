"""The weight is replaced

Each step makes a new `w`: `w = w - 0.1 * w.grad`.

The subtraction makes a new tensor, and the name `w` goes over to it. It is not a leaf: it comes from the old `w` by
`SubBackward0`. The second backward gives its gradient to the old `w`, and the `w.grad` of the new one is None.

So the error speaks of `NoneType` and not of leaves.

Question: Is `w` still a leaf in the second step?
Lesson: F10.1
Variant: the error
Cure: f10-rebound-weight-cured
"""

import torch

w = torch.tensor(0., requires_grad=True)

for step in range(2):
    loss = (w - 3) ** 2
    loss.backward()
    w = w - 0.1 * w.grad
    w.grad = None
    print("w =", w.item(), " a leaf:", w.is_leaf)
