"""A running total of the loss

Three steps of training, and `total` for the mean loss.

`total += loss` adds a tensor together with its graph. From `total` a way leads to every loss, and none of the three
graphs can be let go.

Nothing raises; memory grows with every step. Backward has freed the saved tensors here. In a loop without backward,
such as validation, they stay, too.

Question: What does `total` hold besides a number?
Lesson: F13.1
Variant: the graphs are kept
Cure: f13-total-loss-cured
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
    total += loss
print("mean loss =", total / 3)
