import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(3, 3)
        self.fc2 = nn.Linear(3, 3)
        self.out = nn.Linear(3, 1)

    def forward(self, x):
        x = torch.relu(self.fc1(x))
        return self.out(x)


torch.manual_seed(0)
net = Net()
loss = net(torch.randn(4, 3)).mean()
loss.backward()
for name, p in net.named_parameters():
    print(name, p.grad.norm())

# expect: grad-none-unreached line=9|22 tensor=net.fc2.weight|net.fc2.bias
