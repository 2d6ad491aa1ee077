"""no_grad switches recording off

The same expression three times: before, inside and after a `torch.no_grad()` block.

Inside, PyTorch calculates it without recording how, so the result has no `grad_fn` and does not require grad. Before and
after the block everything is recorded.

Question: Which of `a`, `b`, `c` can backward start from?
Lesson: D3
"""

import torch

x = torch.tensor([1., 2., 3.], requires_grad=True)
a = x ** 2
with torch.no_grad():
    b = x ** 2
c = x ** 2
print("before:", a.requires_grad)
print("inside:", b.requires_grad)
print("after: ", c.requires_grad)

c.sum().backward()
print("x.grad =", x.grad)
