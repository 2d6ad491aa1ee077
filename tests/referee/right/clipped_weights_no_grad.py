import torch

torch.manual_seed(0)
w = torch.randn(4, requires_grad=True)
opt = torch.optim.SGD([w], lr=0.5)
for _ in range(3):
    opt.zero_grad()
    (w.exp() * torch.randn(4)).sum().backward()
    opt.step()
    with torch.no_grad():
        w.clamp_(-1, 1)
