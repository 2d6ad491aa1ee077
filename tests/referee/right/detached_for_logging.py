import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 1)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
x, y = torch.randn(6, 2), torch.randn(6, 1)
curve = []
for _ in range(3):
    out = model(x)
    loss = (out - y).pow(2).mean()
    curve.append(torch.tensor(loss.item()))
    error = (out.detach() - y).abs().numpy().max()
    opt.zero_grad()
    loss.backward()
    opt.step()
print(curve, error)
