import torch

torch.manual_seed(0)
w = torch.randn(2, requires_grad=True)
x, y = torch.randn(5, 2), torch.randn(5)
for _ in range(3):
    loss = (x @ w - y).pow(2).mean()
    loss.backward()
    w = w - 0.1 * w.grad

# expect: rebound-leaf line=9 tensor=w
