"""detach() leaves the graph, not the storage

`d` has the numbers of `y`, in the same storage. For autograd it came from nowhere.

`y.detach()` copies nothing: both tensors point at the same elements. But `d` has no `grad_fn`, so at the product only the
way through `y` leads back to `x`. `d` counts as a constant: x² · 2 · x = 2 · x³.

Question: With both ways open, `x.grad` would be 4 · x³. What is it now?
Lesson: C5.1
Variant: detach()
"""

import torch

x = torch.tensor([1., 2., 3.], requires_grad=True)
y = x ** 2
d = y.detach()
loss = (y * d).sum()
loss.backward()
print("same storage:", y.data_ptr() == d.data_ptr())
print("d requires grad:", d.requires_grad)
print("x.grad =", x.grad)
