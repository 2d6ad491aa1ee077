import torch
from torch import nn

torch.manual_seed(0)
net = nn.Linear(4, 1)
x = torch.randn(1, 4, requires_grad=True)
loss = (torch.cos(x) * net(x)).sum()
x.data.clamp_(-0.2, 0.2)
loss.backward()
print(x.grad)

# expect: silent-wrong-gradient line=8 tensor=x
