"""Backward from a tensor without a graph

`w` itself takes part, and all steps are recorded torch calls.

Now `loss` has a `grad_fn`, and a way leads from it back to `w`.

Question: Through which nodes does the way lead?
Lesson: F4.5
Variant: the cure
"""

import torch

x = torch.tensor([1., 2., 3.])
y = torch.tensor([2., 4., 7.])
w = torch.tensor(1., requires_grad=True)

errors = w * x - y
loss = (errors ** 2).mean()
print("loss requires grad:", loss.requires_grad)
loss.backward()
print("w.grad =", w.grad)
