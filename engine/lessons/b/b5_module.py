"""The same network as a class

A module of one's own: the layers are made in `__init__`, and `forward` says what is done with them.

The graph is the one of `nn.Sequential`, node for node, since PyTorch records what is calculated and not how it is
written. Only the names are others: `linear1` instead of `0`.

SGD does what was written by hand there, so the losses are the same, too.

Question: Does the class make a node of its own in the graph?
Lesson: B5.1
Variant: the training
Training: yes
Break: b5-no-zero-grad, b5-lr-100, b5-detach, b5-data
"""

import os

import torch
from torch import nn

name = os.environ.get("BACKSTEP_DEVICE")
device = torch.device(name or ("cuda" if torch.cuda.is_available() else "cpu"))


class TwoLayerNet(nn.Module):
    def __init__(self, n_in, n_hidden, n_out):
        super().__init__()
        self.linear1 = nn.Linear(n_in, n_hidden)
        self.linear2 = nn.Linear(n_hidden, n_out)

    def forward(self, x):
        hidden = torch.relu(self.linear1(x))
        return self.linear2(hidden)


torch.manual_seed(0)
x = torch.randn(64, 1000).to(device)
y = torch.randn(64, 10).to(device)
model = TwoLayerNet(1000, 100, 10).to(device)
loss_fn = nn.MSELoss(reduction="sum")
optimizer = torch.optim.SGD(model.parameters(), lr=1e-4)

for step in range(500):
    y_pred = model(x)
    loss = loss_fn(y_pred, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 50 == 49:
        print(f"step {step + 1}: loss {loss.item():.6f}")

for name, p in model.named_parameters():
    print(f"{name}: norm of the gradient {p.grad.norm().item():.3g}")
