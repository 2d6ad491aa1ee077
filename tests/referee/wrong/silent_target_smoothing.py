import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(3, 2)
target = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
loss = nn.functional.binary_cross_entropy_with_logits(model(torch.randn(2, 3)), target)
target.data.mul_(0.8).add_(0.1)
loss.backward()
print(model.bias.grad)

# expect: silent-wrong-gradient line=8 tensor=target
