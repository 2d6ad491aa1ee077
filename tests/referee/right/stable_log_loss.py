import torch
from torch import nn

z = torch.tensor([200.0, -200.0], requires_grad=True)
y = torch.tensor([0.0, 1.0])
loss = nn.functional.binary_cross_entropy_with_logits(z, y) + torch.logsumexp(z, 0)
loss.backward()
print(loss.item(), z.grad)
