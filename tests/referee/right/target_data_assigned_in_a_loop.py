import copy

import torch
from torch import nn

torch.manual_seed(0)
online, pred = nn.Linear(3, 3), nn.Linear(3, 3)
target = copy.deepcopy(online)
opt = torch.optim.SGD([*online.parameters(), *pred.parameters()], 0.1)
for _ in range(3):
    a, b = torch.randn(4, 3), torch.randn(4, 3)
    p = pred(online(a))
    with torch.no_grad():
        t = target(b)
    loss = 2 - 2 * nn.functional.cosine_similarity(p, t.detach()).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    for po, pt in zip(online.parameters(), target.parameters()):
        pt.data = 0.99 * pt.data + 0.01 * po.data
