import torch

lr = torch.tensor(0.1, requires_grad=True)
w = torch.tensor([3.0, -2.0])
losses = []
for _ in range(3):
    w = w - lr * 2 * w
    losses.append(w.pow(2).sum())
torch.stack(losses).sum().backward()
print(lr.grad)
