import torch
from torch import nn


class Agent:
    def __init__(self):
        self.actor = nn.Linear(2, 2)
        self.critic = nn.Linear(2, 1)
        self.opt = torch.optim.Adam([*self.actor.parameters(), *self.critic.parameters()])

    def update(self, s):
        with torch.no_grad():
            p = self.actor(s).softmax(-1)
        loss = (self.critic(s) - p.sum(-1, keepdim=True)).pow(2).mean() - p.log().mean()
        self.opt.zero_grad()
        loss.backward()
        self.opt.step()


agent = Agent()
for _ in range(3):
    agent.update(torch.ones(4, 2))

# expect: grad-none-unreached line=13
