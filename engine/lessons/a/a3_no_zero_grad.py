"""Fit a curve with autograd

The same training, but nobody clears the gradients.

Backward adds to `.grad`, so every step goes by the sum of all gradients so far. That is like momentum that never fades:
the values swing past their goal.

Question: Will the loss still fall at every step?
Lesson: A3.2
Variant: no zero_grad
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
    loss.backward()
    with torch.no_grad():
        for p in (a, b, c, d):
            p -= lr * p.grad
    if step % 100 == 99:
        print(f"step {step + 1}: loss {loss.item():.3f}")

print(f"y = {a.item():.4f} + {b.item():.4f} x + {c.item():.4f} x^2 + {d.item():.4f} x^3")
