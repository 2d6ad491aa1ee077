import torch

torch.manual_seed(0)
w = torch.randn(3, requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1)
recent = torch.zeros(4)
for i in range(4):
    loss = (w - 1).pow(2).sum()
    opt.zero_grad()
    loss.backward()
    opt.step()
    recent[i] = loss.detach()
    average = recent[: i + 1].mean()
print(average)
