import torch
from torch import nn
torch.manual_seed(3)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.3), nn.BatchNorm1d(8))
        self.head = nn.Linear(8, 2)
    def forward(self, x):
        return self.head(self.body(x))
net = Net()
loss = nn.functional.cross_entropy(net(torch.randn(5, 4)), torch.tensor([0, 1, 0, 1, 1]))
loss.backward()
print(loss.item(), net)
