"""Fit a curve with autograd

The same training with a learning rate a hundred times as large.

A step that is longer than the valley is wide lands higher up on the other side. There the gradient is larger, and so is
the next step, until the numbers become infinite and then NaN.

Question: After how many steps is the loss no longer a number?
Lesson: A3.3
Variant: learning rate × 100
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
lr = 1e-4

for step in range(2000):
    y_pred = a + b * x + c * x ** 2 + d * x ** 3
    residual = y_pred - y
    loss = residual.pow(2).sum()
    loss.backward()
    with torch.no_grad():
        for p in (a, b, c, d):
            p -= lr * p.grad
            p.grad = None
    if step % 100 == 99:
        print(f"step {step + 1}: loss {loss.item():.3f}")

print(f"y = {a.item():.4f} + {b.item():.4f} x + {c.item():.4f} x^2 + {d.item():.4f} x^3")
