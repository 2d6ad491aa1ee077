import torch
from torch import nn

torch.manual_seed(0)
shared = nn.Linear(3, 3)
head1, head2 = nn.Linear(3, 1), nn.Linear(3, 2)
opt = torch.optim.SGD([*shared.parameters(), *head1.parameters(), *head2.parameters()], lr=0.05)
x = torch.randn(5, 3)
for _ in range(2):
    opt.zero_grad()
    h = torch.relu(shared(x))
    head1(h).pow(2).mean().backward(retain_graph=True)
    head2(h).abs().mean().backward()
    opt.step()
