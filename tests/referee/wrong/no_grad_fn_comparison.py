import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(4, 1)
x, y = torch.randn(6, 4), torch.tensor([0.0, 1.0, 1.0, 0.0, 1.0, 0.0])
guess = model(x).squeeze(1) > 0
accuracy = (guess.float() == y).float().mean()
loss = 1 - accuracy
loss.backward()

# expect: no-grad-fn line=7
