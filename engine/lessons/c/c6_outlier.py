"""Losses and their gradients

Five numbers and one guess for all of them. The last number moves away.

Each number pulls at the guess. With MSE it pulls in proportion to its distance, so that the outlier soon pulls harder
than all others together. With L1 each one pulls with the same force, and where the outlier is makes no difference.

Question: The outlier moves from 6 to 100. What becomes of the two gradients?
Lesson: C6.2
Variant: an outlier
"""

import torch
from torch import nn

guess = torch.tensor(3., requires_grad=True)
for outlier in (6., 20., 100.):
    data = torch.tensor([1., 2., 2.5, 4., outlier])
    for loss_fn in (nn.MSELoss(), nn.L1Loss()):
        guess.grad = None
        loss_fn(guess.expand(5), data).backward()
        print(f"outlier {outlier:5}: gradient by {type(loss_fn).__name__} {guess.grad.item():9.4f}")
