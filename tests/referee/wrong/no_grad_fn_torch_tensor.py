import warnings

import torch
from torch import nn

warnings.simplefilter("ignore")
torch.manual_seed(0)
model = nn.Linear(3, 1)
out = model(torch.randn(4, 3))
loss = torch.tensor(out.pow(2).mean())
try:
    loss.backward()
except RuntimeError as error:
    print(error)

# expect: no-grad-fn line=10
