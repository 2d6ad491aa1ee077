"""Backward from a tensor without a graph

The finished loss is wrapped in `torch.tensor()`.

`torch.tensor()` copies the number into a new leaf. The graph ends at the old tensor, and nothing leads from the new
one to it. PyTorch warns about the copy. What is a tensor already needs no wrapping.

Question: Does the new tensor remember how its number was calculated?
Lesson: F4.2
Variant: torch.tensor()
Cure: f04-no-graph-cured
"""

import torch

x = torch.tensor([1., 2., 3.])
y = torch.tensor([2., 4., 7.])
w = torch.tensor(1., requires_grad=True)

errors = w * x - y
loss = torch.tensor((errors ** 2).mean())
print("loss requires grad:", loss.requires_grad)
loss.backward()
print("w.grad =", w.grad)
