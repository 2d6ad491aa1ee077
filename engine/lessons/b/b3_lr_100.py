"""A network of two layers

The same training with a learning rate a hundred times as large.

A step that is longer than the valley is wide lands higher up on the other side. There the gradient is larger, and so is
the next step, until the numbers become infinite and then NaN.

Question: After how many steps is the loss no longer a number?
Lesson: B3.3
Variant: learning rate × 100
Training: yes
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
lr = 1e-2

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
