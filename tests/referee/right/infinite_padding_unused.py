import torch

torch.manual_seed(0)
x = torch.randn(2, 3, requires_grad=True)
lengths = torch.tensor([2, 3])
pad = torch.arange(3)[None, :] >= lengths[:, None]
best = x.masked_fill(pad, float("-inf")).max(dim=1).values
best.sum().backward()
print(x.grad)
