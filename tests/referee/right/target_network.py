import torch
from torch import nn

torch.manual_seed(0)
q, target = nn.Linear(4, 2), nn.Linear(4, 2)
target.load_state_dict(q.state_dict())
opt = torch.optim.Adam(q.parameters(), lr=1e-3)
for step in range(3):
    s, s2, a = torch.randn(5, 4), torch.randn(5, 4), torch.randint(0, 2, (5, 1))
    with torch.no_grad():
        goal = 1 + 0.99 * target(s2).max(1, keepdim=True).values
    loss = nn.functional.smooth_l1_loss(q(s).gather(1, a), goal)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 2:
        target.load_state_dict(q.state_dict())
