import torch

torch.manual_seed(0)
w = torch.zeros(2, requires_grad=True)
x, y = torch.randn(5, 2), torch.randn(5)
for _ in range(3):
    if w.grad is not None:
        w.grad.zero_()
    loss = (x @ w - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
