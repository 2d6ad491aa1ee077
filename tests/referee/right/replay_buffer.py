import torch
from torch import nn

torch.manual_seed(0)
q = nn.Linear(3, 2)
opt = torch.optim.Adam(q.parameters())
memory = []
state = torch.randn(3)
for _ in range(3):
    action = q(state).argmax().item()
    following = torch.randn(3)
    memory.append((state, action, float(action), following))
    state = following
    s, a, r, n = memory[-1]
    with torch.no_grad():
        goal = r + 0.9 * q(n).max()
    loss = (q(s)[a] - goal).pow(2)
    opt.zero_grad()
    loss.backward()
    opt.step()
