"""Four optimizers

Adam keeps two means: of the gradients, as momentum does, and of their squares, as RMSprop does.

The state is `exp_avg` and `exp_avg_sq`, and the number of steps: both means start at 0, and Adam divides by how far
they can have come.

Question: Which optimizer has the lowest loss at the end, and which one after 100 steps?
Lesson: A6.4
Variant: Adam
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
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)

for step in range(2000):
    y_pred = model(powers)
    loss = loss_fn(y_pred, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 100 == 99:
        print(f"step {step + 1}: loss {loss.item():.3f}")

for name, p in model.named_parameters():
    print(name, p.tolist(), "state:", {key: value.tolist() for key, value in optimizer.state[p].items()})
