"""A square root, masked where it has no slope

`torch.where` takes the root where `x` is above 0, else 0.

At 0 the slope of the root is infinite. `where` passes a gradient of 0 to the branch it did not take, and 0 · ∞ is
NaN. The mask hid the root from the result, but not from backward.

Question: `y` has no NaN. Will `x.grad` have one?
Lesson: F14.1
Variant: NaN
Cure: f14-masked-root-cured
"""

import torch

x = torch.tensor([0., 4.], requires_grad=True)
root = torch.sqrt(x)
y = torch.where(x > 0, root, 0.)
y.sum().backward()
print("y      =", y)
print("x.grad =", x.grad)
