"""A gradient for one of two

Two tensors are added. One of them requires grad, the other does not.

`b.grad` is None because `b` has `requires_grad=False`, as every tensor has unless it is asked for. In the graph no way
leads to `b`: `AddBackward0` has a place for it that stays empty.

The sum requires grad all the same: one of its two inputs is enough.

Question: What is `b.grad` after backward: zeros or None?
Lesson: B2.1
"""

import torch

a = torch.tensor([1., 2., 3.], requires_grad=True)
b = torch.tensor([4., 5., 6.])
total = (a + b).sum()
print("total:", total.item(), " requires grad:", total.requires_grad)

total.backward()
print("a.grad =", a.grad)
print("b.grad =", b.grad)
