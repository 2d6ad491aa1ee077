import torch
from torch import nn

torch.manual_seed(0)
encoder, decoder = nn.Linear(4, 2), nn.Linear(2, 4)
opt = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=1e-3)
x = torch.rand(5, 4)
for _ in range(2):
    mean = encoder(x)
    z = mean + 0.1 * torch.randn_like(mean)
    rebuild = nn.functional.mse_loss(decoder(z), x)
    pull = mean.pow(2).mean()
    opt.zero_grad()
    (rebuild + 0.1 * pull).backward()
    opt.step()
