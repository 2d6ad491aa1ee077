import torch
from torch import nn


def train_step(model, opt, x):
    opt.zero_grad()
    loss = model(x).exp().mean()
    loss.backward()
    opt.step()
    return loss


torch.manual_seed(0)
model = nn.Linear(3, 1)
opt = torch.optim.SGD(model.parameters(), lr=0.01)
history = {}
for epoch in range(4):
    history[epoch] = train_step(model, opt, torch.randn(4, 3))
print(list(history))

# expect: graph-retained line=18
