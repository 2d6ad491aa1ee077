import torch
from torch import nn

torch.manual_seed(0)
one, two = nn.Linear(2, 3), nn.Linear(3, 1)
opt = torch.optim.SGD([*one.parameters(), *two.parameters()], lr=0.1)
for _ in range(3):
    one.zero_grad()
    loss = two(one(torch.randn(4, 2)).tanh()).pow(2).mean()
    loss.backward()
    opt.step()

# expect: grad-accumulated line=10|11
