"""Backward from a vector

Second cure: reduce to a single number first.

The mean divides by n, and so does its backward: `MeanBackward0` turns the 1 it receives into 1/3 for each of the three
elements.

Question: Where does the factor 1/3 enter, and who multiplies by it?
Lesson: C3.3
Variant: cure: take the mean
"""

import torch

x = torch.tensor([1., 2., 3.], requires_grad=True)
y = x ** 2
loss = y.mean()
loss.backward()
print("x.grad =", x.grad)
