"""Fit a curve with tensors

The same with tensors, on the device that was chosen. The gradients are still derived by hand.

A tensor is an array that may also live on a graphics card. There is no graph here either: no tensor has
`requires_grad`, so PyTorch records nothing.

The numbers are those of the NumPy program. They differ from about the seventh digit on: NumPy calculates with 64 bits,
PyTorch with 32 unless it is told otherwise.

Question: What is missing for PyTorch to calculate the gradients by itself?
Lesson: A2.1
Variant: the training
Training: yes
Series: x, y, y_pred
Break: a2-lr-100
"""

import math
import os

import torch

name = os.environ.get("BACKSTEP_DEVICE")
device = torch.device(name or ("cuda" if torch.cuda.is_available() else "cpu"))
print("device:", device.type)

x = torch.linspace(-math.pi, math.pi, 2000, device=device)
y = torch.sin(x)
a, b, c, d = torch.tensor([0.5, -1., -0.25, 0.25], device=device)
lr = 1e-6

for step in range(2000):
    y_pred = a + b * x + c * x ** 2 + d * x ** 3
    loss = (y_pred - y).pow(2).sum()

    grad_y_pred = 2 * (y_pred - y)
    a = a - lr * grad_y_pred.sum()
    b = b - lr * (grad_y_pred * x).sum()
    c = c - lr * (grad_y_pred * x ** 2).sum()
    d = d - lr * (grad_y_pred * x ** 3).sum()
    if step % 100 == 99:
        print(f"step {step + 1}: loss {loss:.3f}")

print(f"y = {a:.4f} + {b:.4f} x + {c:.4f} x^2 + {d:.4f} x^3")
