"""A node of one's own

The model is `a + b P3(c + d x)`, and the derivative of the polynomial P3 is told to PyTorch.

`forward` calculates `P3(z) = (5 z³ − 3 z) / 2` and saves z. `backward` gets the gradient that arrives and multiplies it
with the derivative, `1.5 (5 z² − 1)`. PyTorch makes one node of both. It is named after the class, and z is its saved
tensor.

Without the class PyTorch would make a node for each power, product and difference, and find the same gradients.

Question: Does backward need the value of P3, or only z and the derivative?
Lesson: A4.1
Variant: the training
Training: yes
Series: x, y, y_pred
Break: a4-no-zero-grad, a4-lr-100, a4-detach, a4-data
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
            p.grad = None
    if step % 100 == 99:
        print(f"step {step + 1}: loss {loss.item():.3f}")

print(f"y = {a.item():.4f} + {b.item():.4f} P3({c.item():.4f} + {d.item():.4f} x)")
