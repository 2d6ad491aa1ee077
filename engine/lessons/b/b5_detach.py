"""The same network as a class

`detach()` stands between the two layers.

Behind it the second layer learns as always. Before it no gradient arrives: the `.grad` of the first layer stays None.
The optimizer passes over it without a word, and the first layer stays as random as it was.

Question: Will the loss still fall?
Lesson: B5.4
Variant: detach() in the wrong place
Training: yes
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
        return self.linear2(hidden.detach())


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
    print(f"{name}: {p.grad if p.grad is None else p.grad.norm().item()}")
