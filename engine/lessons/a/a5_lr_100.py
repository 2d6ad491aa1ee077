"""A layer and a loss from torch.nn

The same training with a learning rate a hundred times as large.

A step that is longer than the valley is wide lands higher up on the other side. There the gradient is larger, and so is
the next step, until the numbers become infinite and then NaN.

Question: After how many steps is the loss no longer a number?
Lesson: A5.3
Variant: learning rate × 100
Training: yes
Series: x, y, y_pred
"""

import math
import os

import torch
from torch import nn

name = os.environ.get("BACKSTEP_DEVICE")
device = torch.device(name or ("cuda" if torch.cuda.is_available() else "cpu"))

x = torch.linspace(-math.pi, math.pi, 2000, device=device)
y = torch.sin(x)
powers = x.unsqueeze(1) ** torch.tensor([1, 2, 3], device=device)

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(3, 1), nn.Flatten(0, 1)).to(device)
loss_fn = nn.MSELoss(reduction="sum")
lr = 1e-4

for step in range(2000):
    y_pred = model(powers)
    loss = loss_fn(y_pred, y)
    model.zero_grad()
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            p -= lr * p.grad
    if step % 100 == 99:
        print(f"step {step + 1}: loss {loss.item():.3f}")

a, (b, c, d) = model[0].bias.item(), model[0].weight[0].tolist()
print(f"y = {a:.4f} + {b:.4f} x + {c:.4f} x^2 + {d:.4f} x^3")
