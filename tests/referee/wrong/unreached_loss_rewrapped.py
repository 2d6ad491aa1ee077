import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 1)
x, y = torch.randn(4, 2), torch.randn(4, 1)
loss = nn.functional.mse_loss(model(x), y)
loss = torch.tensor(loss.item(), requires_grad=True)
loss.backward()
print(model.weight.grad)

# expect: grad-none-unreached line=8
