"""The same network with Adam

Somebody wants to keep the weights small, and cuts them off at 0.02, in place and through `.data`.

But the line stands between forward and backward. The first layer's gradients are calculated with the weights of the
second one, which `AddmmBackward0` has saved, and these are no longer those of the forward pass. With `.data` it does
not notice.

After `step()`, or before the forward pass, the same line does no harm to the gradients.

Question: What would PyTorch do if the line changed the weights under `no_grad` instead of through `.data`?
Lesson: B4.5
Variant: .data in the wrong place
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
optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)

for step in range(500):
    y_pred = model(x)
    loss = loss_fn(y_pred, y)
    optimizer.zero_grad()
    for p in model.parameters():
        p.data.clamp_(-0.02, 0.02)
    loss.backward()
    optimizer.step()
    if step % 50 == 49:
        print(f"step {step + 1}: loss {loss.item():.6f}")

for name, p in model.named_parameters():
    print(f"{name}: norm of the gradient {p.grad.norm().item():.3g}")
