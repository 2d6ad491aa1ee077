import torch
from torch import nn

torch.manual_seed(0)
emb = nn.Embedding(6, 3, sparse=True, padding_idx=0)
opt = torch.optim.SparseAdam(list(emb.parameters()), lr=0.1)
for _ in range(2):
    opt.zero_grad()
    emb(torch.tensor([0, 2, 5])).pow(2).sum().backward()
    opt.step()
print(emb.weight.grad.is_sparse)
