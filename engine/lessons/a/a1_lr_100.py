"""Fit a curve with NumPy alone

The same training with a learning rate a hundred times as large.

A step that is longer than the valley is wide lands higher up on the other side. There the gradient is larger, and so is
the next step, until the numbers become infinite and then NaN.

Question: After how many steps is the loss no longer a number?
Lesson: A1.2
Variant: learning rate × 100
Training: yes
Series: x, y, y_pred
"""

import numpy as np

x = np.linspace(-np.pi, np.pi, 2000)
y = np.sin(x)
a, b, c, d = 0.5, -1., -0.25, 0.25
lr = 1e-4

for step in range(2000):
    y_pred = a + b * x + c * x ** 2 + d * x ** 3
    loss = np.square(y_pred - y).sum()

    grad_y_pred = 2 * (y_pred - y)
    a -= lr * grad_y_pred.sum()
    b -= lr * (grad_y_pred * x).sum()
    c -= lr * (grad_y_pred * x ** 2).sum()
    d -= lr * (grad_y_pred * x ** 3).sum()
    if step % 100 == 99:
        print(f"step {step + 1}: loss {loss:.3f}")

print(f"y = {a:.4f} + {b:.4f} x + {c:.4f} x^2 + {d:.4f} x^3")
