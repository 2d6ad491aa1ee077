import torch
from torch import nn

torch.manual_seed(0)
actor, critic = nn.Linear(3, 2), nn.Linear(3, 1)
actor_opt = torch.optim.Adam(actor.parameters(), lr=1e-3)
critic_opt = torch.optim.Adam(critic.parameters(), lr=1e-2)
for _ in range(2):
    s = torch.randn(5, 3)
    value, returns = critic(s).squeeze(1), torch.randn(5)
    log_p = actor(s).log_softmax(1)[:, 0]
    actor_loss = -(log_p * (returns - value).detach()).mean()
    critic_loss = (returns - value).pow(2).mean()
    actor_opt.zero_grad()
    critic_opt.zero_grad()
    actor_loss.backward()
    critic_loss.backward()
    actor_opt.step()
    critic_opt.step()
