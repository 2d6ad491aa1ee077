"""A layer and a loss from torch.nn

`detach()` stands between the model and the loss.

Behind it is a tensor without a graph. From the loss no way leads back to a parameter, so backward has nothing to do and
says so, at the first step.

Question: Will the loss stay the same, or will the program stop?
Lesson: A5.4
Variant: detach() in the wrong place
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
    loss = loss_fn(y_pred.detach(), y)
    model.zero_grad()
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            p -= lr * p.grad
    if step % 100 == 99:
        print(f"step {step + 1}: loss {loss.item():.3f}")

a, (b, c, d) = model[0].bias.item(), model[0].weight[0].tolist()
print(f"y = {a:.4f} + {b:.4f} x + {c:.4f} x^2 + {d:.4f} x^3")
