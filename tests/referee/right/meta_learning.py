import torch

torch.manual_seed(0)
w = torch.randn(3, requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1)
for _ in range(2):
    x, y = torch.randn(4, 3), torch.randn(4)
    inner = (x @ w - y).pow(2).mean()
    (g,) = torch.autograd.grad(inner, w, create_graph=True)
    fast = w - 0.1 * g
    outer = (x @ fast - y).pow(2).mean()
    opt.zero_grad()
    outer.backward()
    opt.step()
