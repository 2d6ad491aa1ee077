import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 2), nn.Sigmoid())
opt = torch.optim.SGD(model.parameters(), lr=0.1)
x = torch.tensor([[200.0, 0.0], [0.0, 200.0]])
with torch.no_grad():
    model[0].weight.copy_(torch.eye(2))
    model[0].bias.zero_()
y = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
out = model(x)
loss = -(y * out.log() + (1 - y) * (1 - out).log()).mean()
opt.zero_grad()
loss.backward()
opt.step()
print(loss.item(), model[0].weight.grad)

# expect: nan-gradient line=13
