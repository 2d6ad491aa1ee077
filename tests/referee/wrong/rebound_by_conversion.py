import torch

torch.manual_seed(0)
w = torch.randn(3, requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1)
w = w.to(torch.float64)
x = torch.randn(4, 3, dtype=torch.float64)
loss = (x @ w).pow(2).mean()
opt.zero_grad()
loss.backward()
opt.step()
print(w.grad)

# expect: rebound-leaf|grad-none-nonleaf line=6|12 tensor=w
