"""Fit a curve with autograd

The mean error is printed, too. It is calculated in place, through `.data`.

`abs_()` writes into the residuals, which `PowBackward0` has saved for backward. With `.data` it does not notice. So
every gradient is calculated as if no residual were negative, and every step pushes the curve downwards.

`residual.detach().abs()` makes a new tensor and does no harm.

Question: Which of the two is the mistake: `.data`, or the underscore of `abs_()`?
Lesson: A3.5
Variant: .data in the wrong place
Training: yes
Series: x, y, y_pred
"""

import math
import os

import torch

name = os.environ.get("BACKSTEP_DEVICE")
device = torch.device(name or ("cuda" if torch.cuda.is_available() else "cpu"))

x = torch.linspace(-math.pi, math.pi, 2000, device=device)
y = torch.sin(x)
a = torch.tensor(0.5, device=device, requires_grad=True)
b = torch.tensor(-1., device=device, requires_grad=True)
c = torch.tensor(-0.25, device=device, requires_grad=True)
d = torch.tensor(0.25, device=device, requires_grad=True)
lr = 1e-6

for step in range(2000):
    y_pred = a + b * x + c * x ** 2 + d * x ** 3
    residual = y_pred - y
    loss = residual.pow(2).sum()
    error = residual.data.abs_().mean()
    loss.backward()
    with torch.no_grad():
        for p in (a, b, c, d):
            p -= lr * p.grad
            p.grad = None
    if step % 100 == 99:
        print(f"step {step + 1}: loss {loss.item():.3f}, mean error {error.item():.3f}")

print(f"y = {a.item():.4f} + {b.item():.4f} x + {c.item():.4f} x^2 + {d.item():.4f} x^3")
