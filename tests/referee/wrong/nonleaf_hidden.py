import torch
from torch import nn

torch.manual_seed(0)
first, second = nn.Linear(2, 3), nn.Linear(3, 1)
hidden = torch.relu(first(torch.randn(4, 2)))
loss = second(hidden).pow(2).mean()
loss.backward()
try:
    print("gradient at the hidden layer", hidden.grad.norm())
except AttributeError as error:
    print(error)

# expect: grad-none-nonleaf line=6|10 tensor=hidden
