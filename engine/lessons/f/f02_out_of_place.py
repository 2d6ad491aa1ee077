"""An in-place call before backward

`y = y + 1` makes a new tensor in place of the call in place.

The gradient is the same. Writing in place saves a little memory, no more; where you are in doubt, do without it.

Question: How many storages are there now, and how many with `add_`?
Lesson: F2.3
Variant: out of place
"""

import torch

x = torch.tensor([0., 1.], requires_grad=True)
y = x * 2
y = y + 1
loss = y.sum()
loss.backward()
print("x.grad =", x.grad)
