import torch
from torch import nn

torch.manual_seed(0)
net = nn.Linear(4, 2)
image = torch.randn(2, 2, requires_grad=True)
flat = image.view(1, 4)
net(flat).sum().backward()
saliency = flat.grad
print(saliency)

# expect: grad-none-nonleaf line=7|9 tensor=flat
