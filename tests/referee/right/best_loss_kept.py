import torch

torch.manual_seed(0)
w = torch.randn(2, requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1)
best, best_w = float("inf"), None
for _ in range(4):
    loss = (w * torch.tensor([1.0, 3.0])).pow(2).sum()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if loss.item() < best:
        best, best_w = loss.item(), w.detach().clone()
print(best, best_w)
