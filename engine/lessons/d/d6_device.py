"""To a device, and back to NumPy

The program takes the device that was chosen, else CUDA where there is one, else the CPU.

`x` and all that is calculated from it live on this device, `x.grad` too. `requires_grad_()` comes after `to()`: the other
way round the move would be recorded, and `x` would be its result, not a leaf.

NumPy works in the memory of the CPU and knows no graph. So the way back is `detach()`, then `cpu()`, then `numpy()`.

Question: On which device will `x.grad` be?
Lesson: D6.1
Variant: there and back
"""

import os

import torch

name = os.environ.get("BACKSTEP_DEVICE")
device = torch.device(name or ("cuda" if torch.cuda.is_available() else "cpu"))
print("device:", device.type)

x = torch.tensor([1., 2., 3.]).to(device).requires_grad_()
y = x ** 2
y.sum().backward()
print("x.grad is on:", x.grad.device.type)
print("y =", y.detach().cpu().numpy())
