"""The smallest graph: a product

Two leaves, one product, one sum: the smallest graph in which something happens.

Backward starts at `loss` with the gradient 1 and walks the graph towards the leaves. The sum hands the same gradient to
every element. The product hands each input the other input times what arrives: so `x.grad` is `y`, and `y.grad` is `x`.

Question: Which gradient will `x` receive, and which `y`?
Lesson: C1
"""

import torch

x = torch.tensor([2., 3.], requires_grad=True)
y = torch.tensor([4., 5.], requires_grad=True)
z = x * y
loss = z.sum()
loss.backward()
print("x.grad =", x.grad)
print("y.grad =", y.grad)
