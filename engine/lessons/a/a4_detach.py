"""A node of one's own

`detach()` stands behind the polynomial.

a and b are reached, c and d are not: their way to the loss leads through the tensor that was detached. Their `.grad`
stays None, and the update, which multiplies it with a number, stops.

Question: Which of the four gradients is None?
Lesson: A4.4
Variant: detach() in the wrong place
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
    y_pred = a + b * LegendrePolynomial3.apply(c + d * x).detach()
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
