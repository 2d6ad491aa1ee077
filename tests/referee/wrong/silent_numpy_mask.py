import torch

torch.manual_seed(0)
x = torch.randn(6, requires_grad=True)
mask = (torch.rand(6) > 0.5).float()
kept = x * mask
mask.numpy()[:3] = 1.0
kept.sum().backward()
print(mask, x.grad)

# expect: silent-wrong-gradient line=7 tensor=mask
