"""Backward from a tensor without a graph

The weight takes part as the number `w.item()`.

`item()` gives a plain number, and a plain number has no history. No tensor that requires grad takes part any more, so
no node is made, and `loss` has no `grad_fn` to start from.

Question: What will `loss.requires_grad` be?
Lesson: F4.1
Variant: item()
Cure: f04-no-graph-cured
"""

import torch

x = torch.tensor([1., 2., 3.])
y = torch.tensor([2., 4., 7.])
w = torch.tensor(1., requires_grad=True)

errors = w.item() * x - y
loss = (errors ** 2).mean()
print("loss requires grad:", loss.requires_grad)
loss.backward()
print("w.grad =", w.grad)
