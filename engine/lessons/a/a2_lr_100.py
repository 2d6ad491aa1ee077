"""Fit a curve with tensors

The same training with a learning rate a hundred times as large.

A step that is longer than the valley is wide lands higher up on the other side. There the gradient is larger, and so is
the next step, until the numbers become infinite and then NaN.

Question: After how many steps is the loss no longer a number?
Lesson: A2.2
Variant: learning rate × 100
Training: yes
Series: x, y, y_pred
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
lr = 1e-4

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
