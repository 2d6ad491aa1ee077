import torch
from torch import nn

torch.manual_seed(0)
encoder, decoder = nn.Linear(4, 2), nn.Linear(2, 4)
opt = torch.optim.SGD([*encoder.parameters(), *decoder.parameters()], lr=0.1)
x = torch.randn(6, 4)
for _ in range(3):
    code = torch.tanh(encoder(x)).detach()
    loss = (decoder(code) - x).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
print(encoder.weight.grad)

# expect: grad-none-unreached line=9
