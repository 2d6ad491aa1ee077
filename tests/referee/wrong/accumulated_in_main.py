import torch
from torch import nn


def train(model, data, epochs=2):
    opt = torch.optim.SGD(model.parameters(), lr=0.05)
    for _ in range(epochs):
        for x, y in data:
            loss = nn.functional.cross_entropy(model(x), y)
            loss.backward()
            opt.step()
        print(loss.item())


torch.manual_seed(0)
data = [(torch.randn(4, 3), torch.tensor([0, 1, 1, 0])) for _ in range(3)]
train(nn.Sequential(nn.Linear(3, 5), nn.ReLU(), nn.Linear(5, 2)), data)

# expect: grad-accumulated line=10|11
