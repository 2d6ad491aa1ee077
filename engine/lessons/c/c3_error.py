"""Backward from a vector

`y` has three elements. Where should backward start?

"The gradient of y" would be a whole matrix, the Jacobian, and PyTorch does not build it. It starts by itself only from a
single number; for anything else it wants to be told what to start with.

Question: Why can PyTorch start from a scalar without being told anything?
Lesson: C3.1
Variant: the error
"""

import torch

x = torch.tensor([1., 2., 3.], requires_grad=True)
y = x ** 2
y.backward()
print("x.grad =", x.grad)
