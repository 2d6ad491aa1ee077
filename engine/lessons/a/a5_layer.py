"""A layer and a loss from torch.nn

x, x² and x³ are three inputs of a linear layer: it has the weights b, c, d and the bias a.

`nn.Linear(3, 1)` makes its own leaves, `0.weight` of shape (1, 3) and `0.bias` of shape (1,). In the graph a frame
stands around what a module does.

`nn.Flatten(0, 1)` takes the predictions from (2000, 1) to (2000,), the shape of y. `zero_grad()` clears the gradients
of all leaves of the model.

Question: How many leaves does the model have, and of which shapes?
Lesson: A5.1
Variant: the training
Training: yes
Series: x, y, y_pred
Break: a5-no-zero-grad, a5-lr-100, a5-detach, a5-data
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
    model.zero_grad()
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            p -= lr * p.grad
    if step % 100 == 99:
        print(f"step {step + 1}: loss {loss.item():.3f}")

a, (b, c, d) = model[0].bias.item(), model[0].weight[0].tolist()
print(f"y = {a:.4f} + {b:.4f} x + {c:.4f} x^2 + {d:.4f} x^3")
