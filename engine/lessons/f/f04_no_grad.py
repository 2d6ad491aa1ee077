"""Backward from a tensor without a graph

The errors are calculated in a `torch.no_grad()` block.

The block is meant for evaluation and for updates. Around the forward pass it keeps every node from being made,
whatever the tensors require.

Question: `w` requires grad. Is that enough?
Lesson: F4.4
Variant: no_grad
Cure: f04-no-graph-cured
"""

import torch

x = torch.tensor([1., 2., 3.])
y = torch.tensor([2., 4., 7.])
w = torch.tensor(1., requires_grad=True)

with torch.no_grad():
    errors = w * x - y
loss = (errors ** 2).mean()
print("loss requires grad:", loss.requires_grad)
loss.backward()
print("w.grad =", w.grad)
