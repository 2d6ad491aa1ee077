"""Four optimizers

`detach()` stands between the model and the loss.

Behind it is a tensor without a graph. From the loss no way leads back to a parameter, so backward has nothing to do and
says so, at the first step.

Question: Will the loss stay the same, or will the program stop?
Lesson: A6.7
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
optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3)

for step in range(2000):
    y_pred = model(powers)
    loss = loss_fn(y_pred.detach(), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 100 == 99:
        print(f"step {step + 1}: loss {loss.item():.3f}")

for name, p in model.named_parameters():
    print(name, p.tolist(), "state:", {key: value.tolist() for key, value in optimizer.state[p].items()})
