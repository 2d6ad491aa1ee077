import torch

torch.manual_seed(0)
w = torch.zeros(2, 1, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
x, y = torch.randn(10, 2), torch.randn(10, 1)


def squared_loss(y_hat, y):
    return (y_hat - y) ** 2 / 2


for _ in range(3):
    loss = squared_loss(x @ w + b, y)
    loss.backward()
    with torch.no_grad():
        for p in (w, b):
            p -= 0.1 * p.grad / len(x)
            p.grad.zero_()

# expect: non-scalar-root line=15
