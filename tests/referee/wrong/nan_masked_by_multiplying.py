import torch

x = torch.tensor([1.0, 0.0, 2.0], requires_grad=True)
mask = torch.tensor([1.0, 0.0, 1.0])
y = (1 / x) * mask
y.nansum().backward()
print(x.grad)

# expect: nan-gradient line=5
