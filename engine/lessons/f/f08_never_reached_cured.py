"""A parameter that gets no gradient

The prediction adds `b`.

Now a way leads from the loss to `b`, and the gradient that arrives is 2 · (prediction − y) = 4.

Question: Why is `w.grad` three times `b.grad`?
Lesson: F8.2
Variant: the cure
"""

import torch

x = torch.tensor(3.)
y = torch.tensor(5.)
w = torch.tensor(2., requires_grad=True)
b = torch.tensor(1., requires_grad=True)

prediction = w * x + b
loss = (prediction - y) ** 2
loss.backward()
print("w.grad =", w.grad)
print("b.grad =", b.grad)
