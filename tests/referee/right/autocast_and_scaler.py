import torch
from torch import nn

torch.manual_seed(0)
net = nn.Linear(4, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(2):
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss = net(torch.randn(3, 4)).float().pow(2).mean()
    opt.zero_grad()
    (loss * 128).backward()
    for p in net.parameters():
        p.grad.div_(128)
    opt.step()
