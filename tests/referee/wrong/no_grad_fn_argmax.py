import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(4, 3)
x, y = torch.randn(5, 4), torch.tensor([0, 1, 2, 1, 0])
predicted = model(x).argmax(dim=1)
loss = nn.functional.l1_loss(predicted.float(), y.float())
loss.backward()

# expect: no-grad-fn line=7
