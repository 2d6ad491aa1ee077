"""Fit a curve with NumPy alone

The cubic `a + b x + c x² + d x³` learns to look like sin(x), and every gradient is derived by hand.

There is no graph to see here: NumPy calculates numbers and does not remember where they came from. So somebody has to
know the derivatives. The loss is a sum of squares, and its derivative is `2 * (y_pred - y)`; the chain rule multiplies
it with 1, x, x² and x³.

The best cubic has a = 0, b = 0.8567, c = 0 and d = −0.0933. After 2000 steps of this size b is near 0.83 and d near
−0.09.

Question: What would have to be written anew if the model were another one?
Lesson: A1.1
Variant: the training
Training: yes
Series: x, y, y_pred
Break: a1-lr-100
"""

import numpy as np

x = np.linspace(-np.pi, np.pi, 2000)
y = np.sin(x)
a, b, c, d = 0.5, -1., -0.25, 0.25
lr = 1e-6

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
