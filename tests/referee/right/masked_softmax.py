import torch

torch.manual_seed(0)
scores = torch.randn(3, 3, requires_grad=True)
future = torch.triu(torch.ones(3, 3, dtype=torch.bool), diagonal=1)
attention = scores.masked_fill(future, float("-inf")).softmax(dim=-1)
attention.pow(2).sum().backward()
print(scores.grad)
