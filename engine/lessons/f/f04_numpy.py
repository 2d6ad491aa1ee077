"""Backward from a tensor without a graph

NumPy takes the mean.

NumPy records nothing. To get there at all, `detach()` had to be written, and that is where the graph was left. Torch
has a `mean()` of its own.

Question: Which call leaves the graph?
Lesson: F4.3
Variant: numpy()
Cure: f04-no-graph-cured
"""

import torch

x = torch.tensor([1., 2., 3.])
y = torch.tensor([2., 4., 7.])
w = torch.tensor(1., requires_grad=True)

errors = w * x - y
loss = torch.tensor((errors ** 2).detach().numpy().mean())
print("loss requires grad:", loss.requires_grad)
loss.backward()
print("w.grad =", w.grad)
