import torch
from torch import nn

torch.manual_seed(0)
bn = nn.BatchNorm1d(3)
x = torch.randn(4, 3, requires_grad=True)
bn.eval()
y = bn(x)
bn.running_var.fill_(4.0)
y.sum().backward()

# expect: inplace-error line=9 tensor=bn.running_var
