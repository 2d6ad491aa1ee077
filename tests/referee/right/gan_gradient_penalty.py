import torch
from torch import nn

torch.manual_seed(0)
critic = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))
opt = torch.optim.Adam(critic.parameters(), lr=1e-3)
real, fake = torch.randn(5, 2), torch.randn(5, 2)
mixed = (0.3 * real + 0.7 * fake).requires_grad_()
score = critic(mixed).sum()
(g,) = torch.autograd.grad(score, mixed, create_graph=True)
penalty = (g.norm(dim=1) - 1).pow(2).mean()
loss = critic(fake).mean() - critic(real).mean() + 10 * penalty
opt.zero_grad()
loss.backward()
opt.step()
print(loss.item())
