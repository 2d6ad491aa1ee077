import torch

torch.manual_seed(0)
q = torch.randn(2, 4, requires_grad=True)
k = torch.randn(3, 4)
attention = (q @ k.t()).softmax(dim=-1)
attention[:, 2] = 0
out = attention.sum()
out.backward()

# expect: inplace-error line=7 tensor=attention
