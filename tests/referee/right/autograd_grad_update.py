import torch

torch.manual_seed(0)
w = torch.zeros(2, requires_grad=True)
x, y = torch.randn(6, 2), torch.randn(6)
for _ in range(3):
    loss = (x @ w - y).pow(2).mean()
    (g,) = torch.autograd.grad(loss, w)
    w = (w - 0.1 * g).detach().requires_grad_()
print(w)
