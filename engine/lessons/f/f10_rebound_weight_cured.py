"""The weight is replaced

`w -= 0.1 * w.grad` under `no_grad` changes the same tensor.

`w` remains the leaf that it was, and every backward finds it.

Question: What would happen without the `no_grad` block?
Lesson: F10.2
Variant: the cure
"""

import torch

w = torch.tensor(0., requires_grad=True)

for step in range(2):
    loss = (w - 3) ** 2
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
    w.grad = None
    print("w =", w.item(), " a leaf:", w.is_leaf)
