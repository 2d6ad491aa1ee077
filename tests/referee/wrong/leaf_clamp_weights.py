import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 1)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for _ in range(2):
    opt.zero_grad()
    model(torch.randn(4, 2)).mean().backward()
    opt.step()
    for p in model.parameters():
        p.clamp_(-0.1, 0.1)

# expect: leaf-inplace line=12
