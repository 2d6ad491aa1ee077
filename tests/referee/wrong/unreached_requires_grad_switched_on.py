import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(3, 2)
x, y = torch.randn(5, 3), torch.tensor([0, 1, 1, 0, 1])
right = (model(x).argmax(dim=1) == y).float()
loss = 1 - right.mean()
loss.requires_grad = True
loss.backward()
print(model.weight.grad)

# expect: grad-none-unreached line=7
