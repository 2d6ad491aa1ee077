import torch
from torch import nn

torch.manual_seed(0)
emb, out = nn.Embedding(5, 3), nn.Linear(3, 5, bias=False)
out.weight = emb.weight
opt = torch.optim.SGD(emb.parameters(), lr=0.1)
for _ in range(2):
    tokens = torch.randint(0, 5, (2, 4))
    loss = nn.functional.cross_entropy(out(emb(tokens[:, :-1])).flatten(0, 1), tokens[:, 1:].flatten())
    opt.zero_grad()
    loss.backward()
    opt.step()
