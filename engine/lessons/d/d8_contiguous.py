"""view() needs its elements in order

Second cure: `contiguous()` puts the elements in order first.

It copies them to a new storage, in the order of `t`, and there `view()` has nothing to complain about. On a tensor that is
contiguous already it copies nothing.

Question: Which node of the graph is the copy?
Lesson: D8.3
Variant: cure: contiguous()
"""

import torch

m = torch.tensor([[1., 2., 3.], [4., 5., 6.]], requires_grad=True)
t = m.t()
print("m:", m.stride(), m.is_contiguous())
print("t:", t.stride(), t.is_contiguous())
print("t shares with m:", t.data_ptr() == m.data_ptr())

row = t.contiguous().view(6)
print("row shares with m:", row.data_ptr() == m.data_ptr())
(row * torch.arange(6.)).sum().backward()
print("m.grad =", m.grad)
