import torch
from torch import nn
from torch.distributions import Categorical

torch.manual_seed(0)
policy = nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 2))
opt = torch.optim.Adam(policy.parameters(), lr=1e-2)
for _ in range(2):
    log_probs, rewards = [], []
    for _ in range(4):
        choice = Categorical(logits=policy(torch.randn(2)))
        action = choice.sample()
        log_probs.append(choice.log_prob(action))
        rewards.append(float(action.item() == 0))
    returns = torch.tensor(rewards).flip(0).cumsum(0).flip(0)
    loss = -(torch.stack(log_probs) * (returns - returns.mean())).sum()
    opt.zero_grad()
    loss.backward()
    opt.step()
