import torch
from torch import nn


def epoch(model, opt, data):
    total = torch.zeros(())
    for x in data:
        loss = model(x).abs().mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        total = total + loss
    return total / len(data)


torch.manual_seed(0)
model = nn.Linear(2, 1)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
print(epoch(model, opt, torch.randn(5, 3, 2)).item())

# expect: graph-retained line=12
