import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(
    nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(True), nn.Dropout(0.3), nn.Flatten(), nn.Linear(32, 2)
)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(2):
    loss = nn.functional.cross_entropy(net(torch.randn(3, 1, 6, 6)), torch.tensor([0, 1, 1]))
    opt.zero_grad()
    loss.backward()
    opt.step()
print(net[1].num_batches_tracked.item())
