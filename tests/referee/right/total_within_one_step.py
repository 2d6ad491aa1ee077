import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 1)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for _ in range(3):
    losses = []
    for _ in range(3):
        losses.append(model(torch.randn(3, 2)).pow(2).mean())
    total = sum(losses)
    opt.zero_grad()
    total.backward()
    opt.step()
print(total.item())
