import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1)).requires_grad_(False)
image = torch.zeros(1, 3, requires_grad=True)
opt = torch.optim.Adam([image], lr=0.1)
for _ in range(3):
    opt.zero_grad()
    loss = -net(image).sum()
    loss.backward()
    opt.step()
    with torch.no_grad():
        image.clamp_(0, 1)
print(image)
