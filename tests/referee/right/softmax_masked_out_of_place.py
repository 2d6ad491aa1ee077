import torch

torch.manual_seed(0)
q = torch.randn(2, 4, requires_grad=True)
attention = (q @ torch.randn(4, 3)).softmax(dim=-1)
attention = attention * torch.tensor([1.0, 1.0, 0.0])
attention = attention / attention.sum(dim=-1, keepdim=True)
attention[:, 0].sum().backward()
print(q.grad)
