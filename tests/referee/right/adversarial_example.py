import torch
from torch import nn

torch.manual_seed(0)
net = nn.Linear(4, 3)
x, y = torch.rand(2, 4, requires_grad=True), torch.tensor([0, 2])
loss = nn.functional.cross_entropy(net(x), y)
net.zero_grad()
loss.backward()
perturbed = (x + 0.1 * x.grad.sign()).clamp(0, 1).detach()
print((net(perturbed).argmax(1) != y).sum().item())
