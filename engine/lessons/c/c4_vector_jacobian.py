"""Backward is a vector-Jacobian product

The vector given as `gradient` is multiplied with the Jacobian, which is never built.

Here the Jacobian is diagonal, with 2 · x on it: each element of the vector comes back times its own 2 · x. Every node does
the same on a small scale: it multiplies what arrives by its own Jacobian and passes the result on.

Question: What is `x.grad` when `gradient` is `[0, 0, 1]`?
Lesson: C4
"""

import torch

x = torch.tensor([1., 2., 3.], requires_grad=True)
y = x ** 2

v = torch.tensor([1., 0.1, 0.01])
y.backward(gradient=v)
print("x.grad =", x.grad)
