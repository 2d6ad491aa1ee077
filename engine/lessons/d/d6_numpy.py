"""To a device, and back to NumPy

Cure: `detach()` first.

It gives a second tensor outside the graph, and that one becomes the array. `y` itself stays in the graph, so backward runs
as if nothing had happened.

Question: Does `detach()` change `y`?
Lesson: D6.3
Variant: cure: detach() first
"""

import os

import torch

name = os.environ.get("BACKSTEP_DEVICE")
device = torch.device(name or ("cuda" if torch.cuda.is_available() else "cpu"))

x = torch.tensor([1., 2., 3.]).to(device).requires_grad_()
y = x ** 2
array = y.detach().cpu().numpy()
print("array =", array)
y.sum().backward()
print("x.grad =", x.grad.tolist())
