"""Backward from a vector

First cure: say what to start with, one number for each element of `y`.

`gradient` says how much the final quantity changes with each element. Ones mean the sum of all elements, so this is the
same as `y.sum().backward()`.

Question: Which `gradient` would give the derivative of `y[0]` alone?
Lesson: C3.2
Variant: cure: give a gradient
"""

import torch

x = torch.tensor([1., 2., 3.], requires_grad=True)
y = x ** 2
y.backward(gradient=torch.ones(3))
print("x.grad =", x.grad)
