"""A node of one's own

The same training, but nobody clears the gradients.

Backward adds to `.grad`, so every step goes by the sum of all gradients so far. That is like momentum that never fades:
the values swing past their goal.

Question: Will the loss still fall at every step?
Lesson: A4.2
Variant: no zero_grad
Training: yes
Series: x, y, y_pred
"""

import math
import os

import torch

name = os.environ.get("BACKSTEP_DEVICE")
device = torch.device(name or ("cuda" if torch.cuda.is_available() else "cpu"))


class LegendrePolynomial3(torch.autograd.Function):
    @staticmethod
    def forward(ctx, z):
        ctx.save_for_backward(z)
        return (5 * z ** 3 - 3 * z) / 2

    @staticmethod
    def backward(ctx, grad_output):
        z, = ctx.saved_tensors
        return grad_output * 1.5 * (5 * z ** 2 - 1)


x = torch.linspace(-math.pi, math.pi, 2000, device=device)
y = torch.sin(x)
a = torch.tensor(0., device=device, requires_grad=True)
b = torch.tensor(-1., device=device, requires_grad=True)
c = torch.tensor(0., device=device, requires_grad=True)
d = torch.tensor(0.3, device=device, requires_grad=True)
lr = 5e-6

for step in range(2000):
    y_pred = a + b * LegendrePolynomial3.apply(c + d * x)
    residual = y_pred - y
    loss = residual.pow(2).sum()
    loss.backward()
    with torch.no_grad():
        for p in (a, b, c, d):
            p -= lr * p.grad
    if step % 100 == 99:
        print(f"step {step + 1}: loss {loss.item():.3f}")

print(f"y = {a.item():.4f} + {b.item():.4f} P3({c.item():.4f} + {d.item():.4f} x)")
