import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(2, 4), nn.Linear(4, 2)

    def forward(self, x):
        return self.fc2(torch.relu(self.fc1(x)))


def train(net, data, epochs=2):
    opt = torch.optim.Adam(net.parameters(), lr=0.01)
    for epoch in range(epochs):
        total = 0.0
        for x, y in data:
            opt.zero_grad()
            loss = nn.functional.cross_entropy(net(x), y)
            loss.backward()
            opt.step()
            total += loss.item() * len(x)
        print(epoch, round(total, 3))


if __name__ == "__main__":
    torch.manual_seed(0)
    train(Net(), [(torch.randn(4, 2), torch.randint(0, 2, (4,))) for _ in range(3)])
