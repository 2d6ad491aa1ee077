import torch
from torch import nn


def train_step(model, opt, x, y):
    opt.zero_grad()
    out = model(x)
    loss = nn.functional.mse_loss(out, y)
    loss.backward()
    opt.step()
    return loss, out


torch.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 3), nn.Sigmoid(), nn.Linear(3, 1))
opt = torch.optim.Adam(model.parameters())
for _ in range(3):
    loss, out = train_step(model, opt, torch.randn(4, 2), torch.randn(4, 1))
    print(f"{loss:.4f}", out.shape)
