import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
x = torch.randn(4, 2)
loss = net(x).pow(2).mean()
backup = {name: value.clone() for name, value in net.state_dict().items()}
for p in net.parameters():
    p.data.mul_(0.5)
with torch.no_grad():
    print("half weights:", net(x).pow(2).mean().item())
for name, p in net.named_parameters():
    p.data.copy_(backup[name])
loss.backward()
print(net[0].weight.grad)
