"""A layer and a loss from torch.nn

The same training, but nobody clears the gradients.

Backward adds to `.grad`, so every step goes by the sum of all gradients so far. That is like momentum that never fades:
the values swing past their goal.

Question: Will the loss still fall at every step?
Lesson: A5.2
Variant: no zero_grad
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
lr = 1e-6

for step in range(2000):
    y_pred = model(powers)
    loss = loss_fn(y_pred, y)
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            p -= lr * p.grad
    if step % 100 == 99:
        print(f"step {step + 1}: loss {loss.item():.3f}")

a, (b, c, d) = model[0].bias.item(), model[0].weight[0].tolist()
print(f"y = {a:.4f} + {b:.4f} x + {c:.4f} x^2 + {d:.4f} x^3")
