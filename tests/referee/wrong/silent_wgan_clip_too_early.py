import torch
from torch import nn

torch.manual_seed(0)
critic = nn.Sequential(nn.Linear(2, 8), nn.LeakyReLU(0.2), nn.Linear(8, 1))
opt = torch.optim.RMSprop(critic.parameters(), lr=1e-3)
real, fake = torch.randn(16, 2) + 2, torch.randn(16, 2)
for _ in range(2):
    loss = critic(fake).mean() - critic(real).mean()
    for p in critic.parameters():
        p.data.clamp_(-0.01, 0.01)
    opt.zero_grad()
    loss.backward()
    opt.step()
print(loss.item())

# expect: silent-wrong-gradient line=11
