import torch
from torch import nn

torch.manual_seed(0)
critic = nn.Sequential(nn.Linear(3, 4), nn.LeakyReLU(0.2), nn.Linear(4, 1))
opt = torch.optim.RMSprop(critic.parameters(), lr=5e-5)
for _ in range(3):
    real = torch.randn(5, 3)
    fake = torch.randn(5, 3)
    loss = critic(fake).mean() - critic(real).mean()
    opt.zero_grad()
    for p in critic.parameters():
        p.data.clamp_(-0.01, 0.01)
    loss.backward()
    opt.step()

# expect: silent-wrong-gradient line=13 tensor=critic.2.weight
