import torch

x = torch.tensor(4.0, requires_grad=True)
for _ in range(3):
    y = (x - 1) ** 2
    y.backward()
    print(x.item(), x.grad.item())
    with torch.no_grad():
        x -= 0.25 * x.grad
    x.grad.zero_()
