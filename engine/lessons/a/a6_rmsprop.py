"""Four optimizers

`optimizer.step()` updates all parameters. RMSprop divides each gradient by its usual size.

For this it keeps a state for each parameter: `square_avg`, a mean of the squared gradients in which old ones fade. A
step is then about as long as the learning rate, whether the gradients are large or small.

The first steps are about ten times as long, since the mean starts at 0.

Question: Can the learning rate be larger here than in the programs before?
Lesson: A6.1
Variant: RMSprop
Training: yes
Series: x, y, y_pred
Break: a6-no-zero-grad, a6-lr-100, a6-detach, a6-data
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
optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3)

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
