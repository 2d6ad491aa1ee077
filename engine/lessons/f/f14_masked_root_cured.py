"""A square root, masked where it has no slope

The mask comes before the root, too.

Where `x` is masked, `sqrt` gets a 1. Its slope there is finite, and 0 times a finite number is 0.

Question: Does it matter which number is put in?
Lesson: F14.2
Variant: the cure
"""

import torch

x = torch.tensor([0., 4.], requires_grad=True)
root = torch.sqrt(torch.where(x > 0, x, 1.))
y = torch.where(x > 0, root, 0.)
y.sum().backward()
print("y      =", y)
print("x.grad =", x.grad)
