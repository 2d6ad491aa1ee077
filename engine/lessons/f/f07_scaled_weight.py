"""The gradient of a scaled weight

Weights are made with `requires_grad=True`, then scaled by 0.1.

The leaf is the tensor of ones. `w` is a product, made by `MulBackward0`, and backward keeps gradients for leaves
only. The gradient went to the ones, which no name leads to any more.

`to(device)` does the same, where it makes a copy.

Question: Is `w` a leaf?
Lesson: F7.1
Variant: None
Cure: f07-scaled-weight-cured
"""

import torch

x = torch.tensor([1., 2., 3.])
w = torch.ones(3, requires_grad=True) * 0.1
loss = (w * x).sum()
loss.backward()
print("w is a leaf:", w.is_leaf)
print("w.grad =", w.grad)
