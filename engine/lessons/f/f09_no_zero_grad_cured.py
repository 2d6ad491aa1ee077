"""Gradients left from the step before

`zero_grad()` clears the gradients before each backward.

`w` gets to 3 and stays there.

Question: Could `zero_grad()` also stand after `step()`?
Lesson: F9.2
Variant: the cure
"""

import torch

w = torch.tensor(0., requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.5)

for step in range(3):
    loss = (w - 3) ** 2
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print("w.grad =", w.grad.item(), " w =", w.item())
