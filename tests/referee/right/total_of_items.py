import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 1)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
total, losses = 0.0, []
for _ in range(4):
    loss = model(torch.randn(3, 2)).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    total += loss.item()
    losses.append(loss.detach())
print(total / 4, torch.stack(losses).mean())
