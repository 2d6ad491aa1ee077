import torch
from torch import nn

torch.manual_seed(0)
model, criterion = nn.Linear(4, 3), nn.CrossEntropyLoss(reduction="none")
loss = criterion(model(torch.randn(5, 4)), torch.tensor([0, 1, 2, 1, 0]))
try:
    loss.backward()
except RuntimeError as error:
    print(error)
loss.mean().backward()
print(model.weight.grad.shape)

# expect: non-scalar-root line=8
