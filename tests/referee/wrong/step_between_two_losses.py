import torch
from torch import nn

torch.manual_seed(0)
body, opt = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)), None
opt = torch.optim.Adam(body.parameters())
x = torch.randn(5, 3)
out = body(x)
loss_a, loss_b = out[:, 0].pow(2).mean(), out[:, 1].pow(2).mean()
opt.zero_grad()
loss_a.backward(retain_graph=True)
opt.step()
opt.zero_grad()
try:
    loss_b.backward()
    opt.step()
except RuntimeError as error:
    print("in-place:", "modified by an inplace operation" in str(error))

# expect: step-before-backward|inplace-error line=12
