import torch

torch.manual_seed(0)
params = [torch.randn(2, 3, requires_grad=True), torch.zeros(3, requires_grad=True)]
x, y = torch.randn(4, 2), torch.randn(4, 3)
fast = params
for _ in range(2):
    inner = (x @ fast[0] + fast[1] - y).pow(2).mean()
    grads = torch.autograd.grad(inner, fast, create_graph=True)
    fast = [p - 0.1 * g for p, g in zip(fast, grads)]
(x @ fast[0] + fast[1] - y).pow(2).mean().backward()
print(params[1].grad)
