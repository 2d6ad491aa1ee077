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
c = t.contiguous()
row = c.view(6)
print("c:", c.stride(), c.is_contiguous())
print("c shares with t:  ", c.data_ptr() == t.data_ptr())
print("row shares with c:", row.data_ptr() == c.data_ptr())

(row * torch.arange(6.)).sum().backward()
print("m.grad =", m.grad)
