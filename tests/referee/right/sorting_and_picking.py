import torch

torch.manual_seed(0)
x = torch.randn(6, requires_grad=True)
values, order = x.sort(descending=True)
top = x.topk(2).values
largest = x.max()
(values[:3].sum() + top.prod() + largest + x[order[0]]).backward()
print(x.grad)
