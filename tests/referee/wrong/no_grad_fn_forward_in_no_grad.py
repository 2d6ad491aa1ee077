import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
x, y = torch.randn(4, 2), torch.randn(4, 1)
with torch.no_grad():
    out = model(x)
loss = nn.functional.mse_loss(out, y)
loss.backward()

# expect: no-grad-fn line=7|8
