import torch

torch.manual_seed(0)
w = torch.zeros(3, requires_grad=True)
x, y = torch.randn(2, 4, 3), torch.randn(2, 4)
for _ in range(2):
    for part in range(2):
        loss = (x[part] @ w - y[part]).pow(2).sum()
        loss.backward()
    with torch.no_grad():
        w -= 0.01 * w.grad / 8
    w.grad = None
