"""view() needs its elements in order

First cure: `reshape()`, which copies where it must.

Here it must, and the copy has a storage of its own. On a contiguous tensor `reshape()` copies nothing and gives a view, so
do not rely on either.

The copy is a node of the graph like any other, and the gradient finds its way back to `m`.

Question: Would `m.reshape(6)` copy, too?
Lesson: D8.2
Variant: cure: reshape()
"""

import torch

m = torch.tensor([[1., 2., 3.], [4., 5., 6.]], requires_grad=True)
t = m.t()
print("m:", m.stride(), m.is_contiguous())
print("t:", t.stride(), t.is_contiguous())
print("t shares with m:", t.data_ptr() == m.data_ptr())

row = t.reshape(6)
print("row shares with m:", row.data_ptr() == m.data_ptr())
(row * torch.arange(6.)).sum().backward()
print("m.grad =", m.grad)
