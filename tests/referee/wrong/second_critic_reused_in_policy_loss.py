import torch
from torch import nn

torch.manual_seed(0)


def main():
    trunk, actor, critic = nn.Linear(3, 4), nn.Linear(4, 2), nn.Linear(4, 1)
    features = trunk(torch.randn(5, 3)).relu()
    value_loss = critic(features).pow(2).mean()
    policy_loss = -actor(features).log_softmax(1)[:, 0].mean()
    value_loss.backward()
    policy_loss.backward()


main()

# expect: second-backward line=13
