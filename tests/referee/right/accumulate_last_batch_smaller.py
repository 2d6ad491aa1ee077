import torch

torch.manual_seed(0)
w = torch.ones(2, requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1)
data = torch.randn(3, 4, 2)
for i, x in enumerate(data, start=1):
    loss = (x @ w).pow(2).mean() / 2
    loss.backward()
    if i % 2 == 0 or i == len(data):
        opt.step()
        opt.zero_grad()
