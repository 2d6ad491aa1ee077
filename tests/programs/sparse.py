import torch
torch.manual_seed(0)
table = torch.nn.Embedding(5, 2, sparse=True)
table(torch.tensor([1, 3, 1])).sum().backward()
print(table.weight.grad, table.weight.grad.coalesce().values())
print((torch.eye(3).to_sparse() @ torch.ones(3, 1)).flatten())
