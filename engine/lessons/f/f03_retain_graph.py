"""Two backward runs through one graph

`retain_graph=True` keeps what was saved for a second run.

The gradients add up in `x.grad`. But the shared part is run through twice, and its memory stays taken.

Where the graph should have been built anew, as in each round of a loop, `retain_graph` only hides the cause.

Question: If the result is the same, what is different?
Lesson: F3.3
Variant: cure: retain_graph
"""

import torch

x = torch.tensor([1., 2., 3.], requires_grad=True)
y = x ** 2
loss_a = y.sum()
loss_b = y.mean()
loss_a.backward(retain_graph=True)
loss_b.backward()
print("x.grad =", x.grad)
