import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 1)
opt = torch.optim.SGD(model.parameters(), lr=0.01)
total = 0
for _ in range(4):
    loss = (model(torch.randn(4, 2)) - 1).pow(2).mean()
    loss.backward()
    opt.step()
    total = total + loss
print(total)

# expect: grad-accumulated line=10|11
# expect: graph-retained line=12
