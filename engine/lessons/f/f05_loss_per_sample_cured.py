"""A loss for each sample

`reduction="mean"` makes one number of the three.

With the mean each sample counts one third. To weight them differently, keep the three losses and give their weights
to `backward(gradient=...)`.

Question: What would `w.grad` be with `reduction="sum"`?
Lesson: F5.2
Variant: the cure
"""

import torch

x = torch.tensor([1., 2., 3.])
y = torch.tensor([2., 4., 7.])
w = torch.tensor(1., requires_grad=True)

loss = torch.nn.functional.mse_loss(w * x, y, reduction="mean")
loss.backward()
print("w.grad =", w.grad)
