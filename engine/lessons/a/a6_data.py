"""Four optimizers

The mean size of the predictions is printed, too. It is calculated in place, through `.data`.

`abs_()` writes into the predictions, which `MseLossBackward0` has saved for backward. With `.data` it does not notice.
The printed loss is right, for it was calculated before, but the gradients are those of other predictions.

`y_pred.detach().abs()` makes a new tensor and does no harm.

Question: Which of the two is the mistake: `.data`, or the underscore of `abs_()`?
Lesson: A6.8
Variant: .data in the wrong place
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
    loss = loss_fn(y_pred, y)
    optimizer.zero_grad()
    size = y_pred.data.abs_().mean()
    loss.backward()
    optimizer.step()
    if step % 100 == 99:
        print(f"step {step + 1}: loss {loss.item():.3f}, mean size {size.item():.3f}")

for name, p in model.named_parameters():
    print(name, p.tolist(), "state:", {key: value.tolist() for key, value in optimizer.state[p].items()})
