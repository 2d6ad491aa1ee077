"""A step between two backward runs

A tiny GAN: `d` judges what `g` makes, and each has an optimizer.

The product `d * fake` saved `d`, for the gradient of `fake`. `opt_d.step()` changes `d` in place, and the second
backward finds version 1 instead of 0.

`retain_graph=True` has already silenced another error, that of a graph used twice. Both say the same: this `score` is
too old for `loss_g`.

Question: Which saved tensor does `opt_d.step()` change?
Lesson: F11.1
Variant: the error
Cure: f11-step-between-cured
"""

import torch

g = torch.tensor(1., requires_grad=True)
d = torch.tensor(2., requires_grad=True)
opt_g = torch.optim.SGD([g], lr=0.01)
opt_d = torch.optim.SGD([d], lr=0.01)

fake = g * 3
score = d * fake
loss_d = score ** 2
loss_d.backward(retain_graph=True)
opt_d.step()

loss_g = (score - 1) ** 2
loss_g.backward()
opt_g.step()
print("d =", d.item(), " g =", g.item())
