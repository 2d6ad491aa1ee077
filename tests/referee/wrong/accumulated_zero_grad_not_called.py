import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 1)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for _ in range(3):
    opt.zero_grad  # noqa: B018
    loss = model(torch.randn(4, 2)).pow(2).mean()
    loss.backward()
    opt.step()

# expect: grad-accumulated line=10|11
