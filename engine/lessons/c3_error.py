"""Backward from a vector

`y` has three elements, so "the gradient of y" is not one vector but a whole matrix, the Jacobian. PyTorch does not build
it. It only starts by itself from a single number, and for anything else it wants to be told what to start with.

Question: Why can PyTorch start from a scalar without being told anything?
Lesson: C3.1
Variant: the error
"""

import torch

x = torch.tensor([1., 2., 3.], requires_grad=True)
y = x ** 2
y.backward()
print("x.grad =", x.grad)
