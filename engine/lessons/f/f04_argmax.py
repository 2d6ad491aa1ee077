"""Backward from a tensor without a graph

The loss is built on the index of the highest score.

An index jumps; it has no slope. `argmax` gives a whole number outside the graph, and no calculation with it leads
back.

Question: If a score grew by a millionth, by how much would its index change?
Lesson: F4.6
Variant: argmax()
Cure: f04-argmax-cured
"""

import torch

scores = torch.tensor([1., 3., 2.], requires_grad=True)
target = torch.tensor(0)

loss = (scores.argmax() - target) ** 2
print("loss requires grad:", loss.requires_grad)
loss.backward()
print("scores.grad =", scores.grad)
