"""Backward from a tensor without a graph

The loss is calculated from the scores themselves.

`cross_entropy` changes smoothly with every score. Its gradient is softmax(scores), minus 1 at the right class.
`argmax` is for reading off the answer.

Question: Which score does a step of gradient descent raise?
Lesson: F4.7
Variant: cure: cross_entropy()
"""

import torch

scores = torch.tensor([1., 3., 2.], requires_grad=True)
target = torch.tensor(0)

loss = torch.nn.functional.cross_entropy(scores, target)
print("loss requires grad:", loss.requires_grad)
loss.backward()
print("scores.grad =", scores.grad)
