import torch

torch.manual_seed(0)
params = [torch.randn(2, 3, requires_grad=True), torch.randn(3, 1, requires_grad=True)]
x = torch.randn(4, 2)
for _ in range(2):
    loss = ((x @ params[0]).relu() @ params[1]).pow(2).mean()
    loss.backward()
    for i, p in enumerate(params):
        params[i] = p - 0.1 * p.grad

# expect: rebound-leaf line=10
