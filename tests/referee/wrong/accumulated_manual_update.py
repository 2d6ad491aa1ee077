import torch

torch.manual_seed(0)
w = torch.zeros(3, requires_grad=True)
x, y = torch.randn(6, 3), torch.randn(6)
for _ in range(4):
    loss = (x @ w - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
print(w)

# expect: grad-accumulated line=8|10 tensor=w
