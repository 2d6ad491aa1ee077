import torch
from torch import nn

x = torch.tensor([-1.0, 2.0], requires_grad=True)
try:
    y = nn.ReLU(inplace=True)(x)
except RuntimeError as error:
    print(error)
    y = nn.ReLU()(x)
y.sum().backward()

# expect: leaf-inplace line=6 tensor=x
