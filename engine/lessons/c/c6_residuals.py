"""Losses and their gradients

Four losses of the same seven residuals, by mean and by sum, and the gradient of each.

The gradient of MSE is 2 times the residual: it grows without end. The one of L1 is the sign: 1 or −1, however large the
residual, and 0 at 0. SmoothL1 and Huber are in between: like MSE near 0, like L1 far away.

`reduction="mean"` divides by the number of elements, `reduction="sum"` does not. So the gradients differ by the factor
7.

Question: What is the gradient of L1 where the residual is exactly 0?
Lesson: C6.1
Variant: MSE, L1, SmoothL1, Huber
Runs: 8
"""

import torch
from torch import nn

residuals = torch.tensor([-3., -1., -0.5, 0., 0.5, 1., 3.])
target = torch.zeros(7)

for reduction in ("sum", "mean"):
    for loss_fn in (nn.MSELoss(reduction=reduction), nn.L1Loss(reduction=reduction),
                    nn.SmoothL1Loss(reduction=reduction), nn.HuberLoss(reduction=reduction, delta=2.)):
        prediction = residuals.clone().requires_grad_()
        loss = loss_fn(prediction, target)
        loss.backward()
        print(type(loss_fn).__name__, reduction, "loss:", round(loss.item(), 4))
        print("    gradient:", [round(value, 4) for value in prediction.grad.tolist()])
