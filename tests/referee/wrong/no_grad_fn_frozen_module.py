import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1))
model.requires_grad_(False)
model.train()
x, y = torch.randn(3, 2), torch.randn(3, 1)
try:
    nn.functional.mse_loss(model(x), y).backward()
except RuntimeError as error:
    print("frozen:", error)

# expect: no-grad-fn line=6
