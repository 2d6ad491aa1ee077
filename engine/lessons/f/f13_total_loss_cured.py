"""A running total of the loss

`item()` takes the number alone.

`total` is a plain number, and each graph goes when its step is over.

Question: Would `loss.detach()` do as well?
Lesson: F13.2
Variant: the cure
"""

import torch

w = torch.tensor(0., requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.25)

total = 0.
for step in range(3):
    loss = (w - 4) ** 2
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    total += loss.item()
print("mean loss =", total / 3)
