import torch

torch.manual_seed(0)
table = torch.randn(5, 2, requires_grad=True)
ids = torch.tensor([0, 3, 3])
picked = table[ids]
ids += 1
picked.sum().backward()

# expect: inplace-error line=7 tensor=ids
