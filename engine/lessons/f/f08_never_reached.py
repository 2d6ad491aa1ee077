"""A parameter that gets no gradient

A straight line, with a slope `w` and an intercept `b`.

`b` was made, but the prediction does not use it. Backward goes from the loss to what it was calculated from, and
never meets `b`. Its gradient is None, not zero, and an optimizer leaves it as it is.

Question: What will `b.grad` be: zero, or None?
Lesson: F8.1
Variant: None
Cure: f08-never-reached-cured
"""

import torch

x = torch.tensor(3.)
y = torch.tensor(5.)
w = torch.tensor(2., requires_grad=True)
b = torch.tensor(1., requires_grad=True)

prediction = w * x
loss = (prediction - y) ** 2
loss.backward()
print("w.grad =", w.grad)
print("b.grad =", b.grad)
