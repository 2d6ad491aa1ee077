import torch
from torch import nn

torch.manual_seed(0)
buffer = torch.zeros(4, 3)
model = nn.Linear(3, 1)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for _ in range(3):
    buffer.data.copy_(torch.randn(4, 3))
    loss = model(buffer).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    buffer.zero_()
