import torch
from torch import nn

torch.manual_seed(0)
policy = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))
states = torch.randn(5, 2)
value_loss = policy(states).pow(2).mean()
entropy_loss = policy(states).tanh().mean()
grads = torch.autograd.grad(value_loss, list(policy.parameters()))
torch._foreach_sub_([p.data for p in policy.parameters()], [0.5 * g for g in grads])
entropy_loss.backward()
print(policy[0].weight.grad)

# expect: silent-wrong-gradient line=10
