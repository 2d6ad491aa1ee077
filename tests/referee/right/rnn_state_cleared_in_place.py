import torch
from torch import nn

torch.manual_seed(0)
rnn = nn.GRU(2, 3)
opt = torch.optim.SGD(rnn.parameters(), lr=0.1)
h = torch.zeros(1, 1, 3)
for _ in range(3):
    out, h = rnn(torch.randn(5, 1, 2), h)
    loss = out.pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    h = h.data
    h.zero_()
