"""Gradients left from the step before

Three steps of gradient descent on (w − 3)².

Backward adds to `.grad`. At 3 the gradient is 0, but the −6 of the first step is still there, and the second step
moves on to 6. There is no error and no warning.

Question: After the first step `w` is 3, the best value. Where is it after the second?
Lesson: F9.1
Variant: gradients add up
Cure: f09-no-zero-grad-cured
"""

import torch

w = torch.tensor(0., requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.5)

for step in range(3):
    loss = (w - 3) ** 2
    loss.backward()
    optimizer.step()
    print("w.grad =", w.grad.item(), " w =", w.item())
