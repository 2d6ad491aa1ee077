import torch

torch.manual_seed(0)
w = torch.randn(2, requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1)
total, other, third = 0, torch.zeros(()), 0.0
for _ in range(4):
    loss = w.pow(2).sum()
    opt.zero_grad()
    loss.backward()
    opt.step()
    total += loss.data
    other += loss.detach()
    third += float(loss.detach())
print(total, other, third)
