import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(3, 4)
        self.outer = nn.Linear(4, 1)

    def forward(self, x):
        h = torch.tanh(self.inner(x))
        h.data.clamp_(-0.1, 0.1)
        return self.outer(h)


torch.manual_seed(0)
net = Net()
loss = net(torch.randn(5, 3)).pow(2).mean()
loss.backward()
print(net.inner.weight.grad)

# expect: silent-wrong-gradient line=13 tensor=h
