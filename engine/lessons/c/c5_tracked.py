"""detach() leaves the graph, not the storage

The same without `detach()`: both factors lead back to `x`.

Each way brings 2 · x³, and `y` adds them up: 4 · x³, the derivative of x⁴.

Question: `d` is now another name of `y`. How many arrows lead from the product to `y`?
Lesson: C5.2
Variant: nothing detached
"""

import torch

x = torch.tensor([1., 2., 3.], requires_grad=True)
y = x ** 2
d = y
loss = (y * d).sum()
loss.backward()
print("same storage:", y.data_ptr() == d.data_ptr())
print("d requires grad:", d.requires_grad)
print("x.grad =", x.grad)
