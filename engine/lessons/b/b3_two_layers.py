"""A network of two layers

64 rows of 1000 random numbers, 100 hidden units, 10 outputs, and an update written by hand.

The targets are random, too. So there is nothing to understand, only to learn by heart, and the network has numbers
enough for it: 101,110.

The gradients of both layers become small together, since both are made of the differences between output and target.

Question: Which of the two layers has the larger gradients at the start?
Lesson: B3.1
Variant: the training
Training: yes
Break: b3-no-zero-grad, b3-lr-100, b3-detach, b3-data
"""

import os

import torch
from torch import nn

name = os.environ.get("BACKSTEP_DEVICE")
device = torch.device(name or ("cuda" if torch.cuda.is_available() else "cpu"))

torch.manual_seed(0)
x = torch.randn(64, 1000).to(device)
y = torch.randn(64, 10).to(device)
model = nn.Sequential(nn.Linear(1000, 100), nn.ReLU(), nn.Linear(100, 10)).to(device)
loss_fn = nn.MSELoss(reduction="sum")
lr = 1e-4

for step in range(500):
    y_pred = model(x)
    loss = loss_fn(y_pred, y)
    model.zero_grad()
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            p -= lr * p.grad
    if step % 50 == 49:
        print(f"step {step + 1}: loss {loss.item():.6f}")

for name, p in model.named_parameters():
    print(f"{name}: norm of the gradient {p.grad.norm().item():.3g}")
