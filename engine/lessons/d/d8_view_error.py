"""view() needs its elements in order

`t` is `m` transposed. Can its six elements be seen as one row?

`m.t()` moves nothing. It reads the storage of `m` with other strides: (1, 3) in place of (3, 1). In the order of `t` the
elements are 1, 4, 2, 5, 3, 6, and no single stride walks the storage in this order.

`view()` never copies, so it has to refuse.

Question: Which steps through the storage would `view(6)` have to take?
Lesson: D8.1
Variant: the error
Cure: d8-reshape
"""

import torch

m = torch.tensor([[1., 2., 3.], [4., 5., 6.]], requires_grad=True)
t = m.t()
print("m:", m.stride(), m.is_contiguous())
print("t:", t.stride(), t.is_contiguous())
print("t shares with m:", t.data_ptr() == m.data_ptr())

row = t.view(6)
print("row shares with m:", row.data_ptr() == m.data_ptr())
(row * torch.arange(6.)).sum().backward()
print("m.grad =", m.grad)
