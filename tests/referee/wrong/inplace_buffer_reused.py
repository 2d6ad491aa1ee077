import torch
from torch import nn

torch.manual_seed(0)
model, batches = nn.Linear(3, 1), torch.randn(2, 4, 3)
buffer = torch.empty(4, 3)
loss = 0
for batch in batches:
    buffer.copy_(batch)
    loss = loss + model(buffer).pow(2).mean()
loss.backward()

# expect: inplace-error line=9 tensor=buffer
