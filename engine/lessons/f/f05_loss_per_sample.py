"""A loss for each sample

`reduction="none"` gives three losses instead of one.

Backward starts by itself only from a single number, with a 1. With three it would have to know how much each counts.

Question: With which numbers should backward start?
Lesson: F5.1
Variant: the error
Cure: f05-loss-per-sample-cured
"""

import torch

x = torch.tensor([1., 2., 3.])
y = torch.tensor([2., 4., 7.])
w = torch.tensor(1., requires_grad=True)

loss = torch.nn.functional.mse_loss(w * x, y, reduction="none")
loss.backward()
print("w.grad =", w.grad)
