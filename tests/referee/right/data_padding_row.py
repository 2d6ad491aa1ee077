import torch
from torch import nn

torch.manual_seed(0)
emb = nn.Embedding(5, 3)
ids = torch.tensor([1, 4, 0, 2])
loss = emb(ids).pow(2).sum()
emb.weight.data[0] = 0.0
loss.backward()
print(emb.weight.grad[3])
