import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(3, 3), nn.Dropout(0.5), nn.Linear(3, 1))
net.eval()
x = torch.randn(2, 3, requires_grad=True)
net(x).sum().backward()
print("saliency", x.grad.abs())
