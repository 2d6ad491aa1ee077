import torch

torch.manual_seed(0)
w = torch.zeros(3, requires_grad=True)
x = torch.randn(3)
norm = ((w * x) ** 2).sum() ** 0.5
loss = norm + (w - 1).pow(2).sum()
loss.backward()
print(w.grad)

# expect: nan-gradient line=6
