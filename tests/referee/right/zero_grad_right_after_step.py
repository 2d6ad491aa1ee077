import torch
from torch import nn

torch.manual_seed(0)
net = nn.Linear(2, 2)
opt = torch.optim.NAdam(net.parameters())
warm = torch.optim.lr_scheduler.LambdaLR(opt, lambda i: min(1.0, (i + 1) / 3))
for _ in range(3):
    loss = nn.functional.cross_entropy(net(torch.randn(4, 2)), torch.tensor([0, 1, 0, 1]))
    loss.backward()
    opt.step()
    warm.step()
    opt.zero_grad()
