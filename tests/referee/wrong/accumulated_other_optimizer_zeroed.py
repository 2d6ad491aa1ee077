import torch
from torch import nn

torch.manual_seed(0)
body, head = nn.Linear(3, 3), nn.Linear(3, 1)
body_opt = torch.optim.SGD(body.parameters(), lr=0.05)
head_opt = torch.optim.SGD(head.parameters(), lr=0.05)
x, y = torch.randn(6, 3), torch.randn(6, 1)
for _ in range(3):
    head_opt.zero_grad()
    loss = (head(torch.relu(body(x))) - y).pow(2).mean()
    loss.backward()
    head_opt.step()
    body_opt.step()

# expect: grad-accumulated line=12|14
