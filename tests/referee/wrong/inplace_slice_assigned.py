import torch
from torch import nn

torch.manual_seed(0)
fc = nn.Linear(3, 4)
h = fc(torch.randn(2, 3))
energy = (h * h).sum()
h[:, 0] = 0
try:
    energy.backward()
except RuntimeError as error:
    print("failed:", str(error)[:40])

# expect: inplace-error line=8 tensor=h
