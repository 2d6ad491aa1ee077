import torch

torch.manual_seed(0)
w = torch.zeros(3, requires_grad=True)
opt = torch.optim.SGD([w], lr=0.5)
x, y = torch.randn(6, 3), torch.randn(6)
for _ in range(3):
    loss = (x @ w - y).pow(2).mean()
    loss.backward()
    opt.zero_grad()
    opt.step()
print(w)

# expect: step-before-backward line=10|11
