"""Two ways to ask for a gradient

`loss.backward()` is called, and `x.grad` is read.

Backward reaches all leaves and adds to the `.grad` of each. `w` gets one, too, wanted or not.

Question: Which tensors have a `.grad` afterwards?
Lesson: F17.1
Variant: backward()
"""

import torch

w = torch.tensor(2., requires_grad=True)
x = torch.tensor(3., requires_grad=True)
loss = (w * x) ** 2

loss.backward()
gradient = x.grad
print("gradient =", gradient)
print("x.grad =", x.grad)
print("w.grad =", w.grad)
