import torch

torch.manual_seed(0)
table = torch.randn(5, 2, requires_grad=True)
ids = torch.tensor([0, 2, 2])
ids[1:] += 1
picked = table[ids] + table.gather(0, torch.tensor([[1, 2]]))
picked.sum().backward()
print(table.grad[:, 0])
