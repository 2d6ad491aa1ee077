import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 1)
predictions = model(torch.randn(3, 2)).squeeze(1).tolist()
loss = torch.tensor([(p - 1) ** 2 for p in predictions]).mean()
loss.backward()

# expect: no-grad-fn line=6
