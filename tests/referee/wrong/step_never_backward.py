import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 1))
opt = torch.optim.Adam(model.parameters(), lr=0.01)
x, y = torch.randn(8, 2), torch.randn(8, 1)
for _ in range(4):
    loss = nn.functional.l1_loss(model(x), y)
    opt.step()
    opt.zero_grad()
    print(loss.item())

# expect: step-before-backward line=10
