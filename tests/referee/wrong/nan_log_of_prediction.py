import torch
from torch import nn


def bce(p, y):
    return -(y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean()


torch.manual_seed(0)
logit = torch.tensor([120.0, -1.0], requires_grad=True)
loss = bce(torch.sigmoid(logit), torch.tensor([0.0, 0.0]))
loss.backward()
print(loss.item(), logit.grad, nn.functional.binary_cross_entropy_with_logits(logit, torch.zeros(2)).item())

# expect: nan-gradient line=6
