"""The same network with Adam

The same training with a learning rate a hundred times as large.

Adam divides by the size of the gradients, so nothing becomes infinite. Here the loss even falls sooner, and only jumps
up again now and then: this network has more numbers than it needs, and many ways lead to 0.

Question: Does the loss become infinite, as it would with plain SGD?
Lesson: B4.3
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
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)

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
