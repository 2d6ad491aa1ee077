"""To a device, and back to NumPy

`detach()` is missing on the way back, and `y` requires grad.

An array cannot carry a graph. If `numpy()` cut it off without a word, a gradient could go missing and nobody would know. So
PyTorch wants the cut to be written down.

Question: Which call is missing, and where must it stand?
Lesson: D6.2
Variant: the error
Cure: d6-numpy
"""

import os

import torch

name = os.environ.get("BACKSTEP_DEVICE")
device = torch.device(name or ("cuda" if torch.cuda.is_available() else "cpu"))

x = torch.tensor([1., 2., 3.]).to(device).requires_grad_()
y = x ** 2
array = y.cpu().numpy()
print("array =", array)
y.sum().backward()
print("x.grad =", x.grad.tolist())
