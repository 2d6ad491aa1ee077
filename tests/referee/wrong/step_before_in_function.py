import torch
from torch import nn


def update(opt, loss):
    opt.step()
    loss.backward()
    opt.zero_grad()


torch.manual_seed(0)
model = nn.Linear(3, 1)
opt = torch.optim.Adam(model.parameters())
for _ in range(3):
    update(opt, model(torch.randn(4, 3)).pow(2).mean())

# expect: step-before-backward line=6
