"""Four optimizers

SGD goes against the gradient: it is the update that was written by hand before.

It keeps no state. One learning rate must do for all parameters: it must be small for d, whose gradients contain x³ and
are large, and then it is too small for the others.

Question: Which of the four numbers is furthest from its best value at the end?
Lesson: A6.2
Variant: SGD
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
optimizer = torch.optim.SGD(model.parameters(), lr=1e-6)

for step in range(2000):
    y_pred = model(powers)
    loss = loss_fn(y_pred, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 100 == 99:
        print(f"step {step + 1}: loss {loss.item():.3f}")

for name, p in model.named_parameters():
    print(name, p.tolist(), "state:", optimizer.state[p])
