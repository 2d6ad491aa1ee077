"""A leaf is changed in place

The update stands in a `torch.no_grad()` block.

The change is not recorded: `w` has new numbers and no history. Every optimizer does it like this in `step()`.

Question: Is `w` still a leaf afterwards?
Lesson: F6.2
Variant: the cure
"""

import torch

w = torch.tensor([1., 2.], requires_grad=True)
loss = (w ** 2).sum()
loss.backward()
with torch.no_grad():
    w -= 0.1 * w.grad
print("w =", w)
