import torch
from torch import nn


@torch.no_grad()
def train_step(model, x):
    loss = model(x).pow(2).mean()
    loss.backward()


torch.manual_seed(0)
try:
    train_step(nn.Linear(2, 1), torch.randn(3, 2))
except RuntimeError as error:
    print(error)

# expect: no-grad-fn line=5|7|13
