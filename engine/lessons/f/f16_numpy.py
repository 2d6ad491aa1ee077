"""From a graph to NumPy

`y` is part of a graph, and `numpy()` is called on it.

NumPy records nothing, so gradients would get lost without a word. PyTorch wants it said that this is meant.

Question: Could autograd follow what NumPy does with the array?
Lesson: F16.1
Variant: the error
Cure: f16-numpy-cured
"""

import torch

x = torch.tensor([1., 2., 3.], requires_grad=True)
y = x ** 2
print("y as an array:", y.numpy())
y.sum().backward()
print("x.grad =", x.grad)
