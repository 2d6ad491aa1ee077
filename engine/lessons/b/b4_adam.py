"""The same network with Adam

`zero_grad()`, `backward()`, `step()`: the three lines of every training loop.

They clear the gradients of the step before, calculate new ones and update the parameters. `zero_grad()` may also stand
last; it must only stand between one backward and the next.

Question: What would be in `.grad` after two steps without `zero_grad()`?
Lesson: B4.1
Variant: the training
Training: yes
Break: b4-no-zero-grad, b4-lr-100, b4-detach, b4-data
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
optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)

for step in range(500):
    y_pred = model(x)
    loss = loss_fn(y_pred, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 50 == 49:
        print(f"step {step + 1}: loss {loss.item():.6f}")

for name, p in model.named_parameters():
    print(f"{name}: norm of the gradient {p.grad.norm().item():.3g}")
