import torch
from torch import nn

torch.manual_seed(0)


def evaluate(model, x):
    torch.set_grad_enabled(False)
    return model(x).mean()


model = nn.Linear(2, 1)
x = torch.randn(3, 2)
print(evaluate(model, x))
loss = model(x).pow(2).mean()
loss.backward()

# expect: no-grad-fn line=8|15
