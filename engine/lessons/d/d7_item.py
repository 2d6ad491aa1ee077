"""Plain numbers: item() and tolist()

`item()` for a tensor of one element, `tolist()` for any.

Both give plain Python numbers. They know nothing of a graph: they are for printing and for counting, while backward starts
from the tensor.

Question: Could backward start from `number`?
Lesson: D7.2
Variant: cure: tolist()
"""

import torch

x = torch.tensor([1., 2., 3.], requires_grad=True)
y = x ** 2
loss = y.sum()
number = loss.item()
print("number =", number, type(number).__name__)
print("y =", y.tolist())

loss.backward()
print("x.grad =", x.grad)
