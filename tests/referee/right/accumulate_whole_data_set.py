import torch

torch.manual_seed(0)
w = torch.zeros(3, requires_grad=True)
x, y = torch.randn(9, 3), torch.randn(9)
for part in range(3):
    rows = slice(3 * part, 3 * part + 3)
    (x[rows] @ w - y[rows]).pow(2).sum().backward()
full = torch.autograd.grad((x @ w - y).pow(2).sum(), w)[0]
print(torch.allclose(w.grad, full))
