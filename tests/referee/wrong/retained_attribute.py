import torch
from torch import nn


class Trainer:
    def __init__(self, model):
        self.model, self.total = model, 0.0
        self.opt = torch.optim.SGD(model.parameters(), lr=0.1)

    def step(self, x):
        loss = self.model(x).pow(2).mean()
        self.opt.zero_grad()
        loss.backward()
        self.opt.step()
        self.total += loss


torch.manual_seed(0)
trainer = Trainer(nn.Linear(3, 1))
for x in torch.randn(4, 5, 3):
    trainer.step(x)
print(trainer.total.item())

# expect: graph-retained line=15
