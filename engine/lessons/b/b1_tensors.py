"""Tensors, views and devices

Lists become tensors, tensors become sums, differences and products, and one is moved to a device.

Numbers with a decimal point become `float32`, whatever Python has. `@` is the matrix product.

`a.T` is a view: another way to read the same memory. Rows and columns change places by the strides alone, and what is
written into `a` can be read in `a.T`. It is not contiguous any more. `contiguous()` copies the numbers into their new
order.

Question: After `a[0, 0] = 100.`, which of the two is changed: `transposed` or `copied`?
Lesson: B1.1
"""

import os

import torch

name = os.environ.get("BACKSTEP_DEVICE")
device = torch.device(name or ("cuda" if torch.cuda.is_available() else "cpu"))

a = torch.tensor([[1., 2., 3.], [4., 5., 6.]])
b = torch.tensor([[10., 20., 30.], [40., 50., 60.]])
print("dtype:", a.dtype, " shape:", tuple(a.shape))
print("a + b =", (a + b).tolist())
print("b - a =", (b - a).tolist())
print("a @ b.T =", (a @ b.T).tolist())

transposed = a.T
copied = transposed.contiguous()
print("strides:", a.stride(), transposed.stride(), copied.stride())
print("contiguous:", a.is_contiguous(), transposed.is_contiguous(), copied.is_contiguous())
print("same storage as a:", transposed.data_ptr() == a.data_ptr(), copied.data_ptr() == a.data_ptr())

a[0, 0] = 100.
print("transposed[0, 0] =", transposed[0, 0].item(), " copied[0, 0] =", copied[0, 0].item())

moved = a.to(device)
print("moved to:", moved.device.type)
