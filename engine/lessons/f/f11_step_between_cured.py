"""A step between two backward runs

`score` is calculated again after the step.

`loss_d` judges `fake.detach()`, because it is no business of `g`. `loss_g` then judges `fake` itself with the new
`d`, and its gradient goes on to `g`.

In a loop, call `opt_d.zero_grad()` and `opt_g.zero_grad()` each before its own backward: `loss_g` reaches `d`, too.

Question: What would `g.grad` hold without the `detach()`?
Lesson: F11.2
Variant: the cure
"""

import torch

g = torch.tensor(1., requires_grad=True)
d = torch.tensor(2., requires_grad=True)
opt_g = torch.optim.SGD([g], lr=0.01)
opt_d = torch.optim.SGD([d], lr=0.01)

fake = g * 3
score = d * fake.detach()
loss_d = score ** 2
loss_d.backward()
opt_d.step()

score = d * fake
loss_g = (score - 1) ** 2
loss_g.backward()
opt_g.step()
print("d =", d.item(), " g =", g.item())
