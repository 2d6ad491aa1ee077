import torch
from torch import nn

torch.manual_seed(0)
encoder, predictor = nn.Linear(4, 3), nn.Linear(3, 3)
opt = torch.optim.SGD([*encoder.parameters(), *predictor.parameters()], lr=0.05)
for _ in range(2):
    a, b = encoder(torch.randn(5, 4)), encoder(torch.randn(5, 4))
    one = nn.functional.cosine_similarity(predictor(a), b.detach()).mean()
    two = nn.functional.cosine_similarity(predictor(b), a.detach()).mean()
    loss = -(one + two) / 2
    opt.zero_grad()
    loss.backward()
    opt.step()
