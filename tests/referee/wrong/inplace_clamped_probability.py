import torch
from torch import nn


def safe_log(p):
    return p.clamp_(1e-6, 1 - 1e-6).log()


torch.manual_seed(0)
p = torch.sigmoid(nn.Linear(2, 1)(torch.randn(3, 2)))
try:
    (-safe_log(p)).mean().backward()
except RuntimeError as error:
    print(error)

# expect: inplace-error line=6 tensor=p
