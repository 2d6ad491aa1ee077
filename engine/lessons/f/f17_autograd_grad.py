"""Two ways to ask for a gradient

`torch.autograd.grad` is asked for the gradient of `x` alone.

It returns the gradient and leaves every `.grad` as it was. It goes only where `x` is to be found, and it takes
tensors that are not leaves, too. It suits a gradient that is part of the calculation, such as a penalty.

Question: What is in `x.grad` and `w.grad` now?
Lesson: F17.2
Variant: autograd.grad()
"""

import torch

w = torch.tensor(2., requires_grad=True)
x = torch.tensor(3., requires_grad=True)
loss = (w * x) ** 2

(gradient,) = torch.autograd.grad(loss, [x])
print("gradient =", gradient)
print("x.grad =", x.grad)
print("w.grad =", w.grad)
