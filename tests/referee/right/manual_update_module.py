import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(3, 1), nn.Flatten(0, 1))
x = torch.linspace(-3, 3, 20)
powers, y = torch.stack([x, x**2, x**3], dim=1), torch.sin(x)
for _ in range(3):
    loss = nn.MSELoss(reduction="sum")(model(powers), y)
    model.zero_grad()
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            p -= 1e-5 * p.grad
