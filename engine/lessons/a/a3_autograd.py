"""Fit a curve with autograd

Four leaves and `backward()`: PyTorch finds the gradients that were derived by hand before.

Every round makes a new graph, from the four leaves to the loss, and backward goes through it once. The gradients are
those of the two programs before, up to rounding.

The update stands under `no_grad`: it must not become part of the graph. Then each `.grad` is set to None, since the
next backward would add to it.

Question: What would happen to a if the update stood outside of `no_grad`?
Lesson: A3.1
Variant: the training
Training: yes
Series: x, y, y_pred
Break: a3-no-zero-grad, a3-lr-100, a3-detach, a3-data
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
            p.grad = None
    if step % 100 == 99:
        print(f"step {step + 1}: loss {loss.item():.3f}")

print(f"y = {a.item():.4f} + {b.item():.4f} x + {c.item():.4f} x^2 + {d.item():.4f} x^3")
