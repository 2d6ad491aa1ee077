"""A leaf and what grows from it

A tensor made by hand is a leaf; one that was calculated knows the node that made it.

`x` is a leaf and has no `grad_fn`. `y` and `z` were calculated from it: `AddBackward0` made the one, `MulBackward0` the
other. These nodes, linked towards `x`, are the graph.

Question: `z` is made by two multiplications. Which of them is its `grad_fn`?
Lesson: E1.1
"""

import torch

x = torch.tensor([1., 2., 3.], requires_grad=True)
y = x + 2
z = y * y * 3
print("x:", x.is_leaf, x.grad_fn)
print("y:", y.is_leaf, y.grad_fn.name())
print("z:", z.is_leaf, z.grad_fn.name())
print("z =", z)
