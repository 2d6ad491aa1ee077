import torch

torch.manual_seed(0)
table = torch.randn(3, 2, requires_grad=True)
row = table[1]
(row * row).sum().backward()
print("row", row.grad, "table", table.grad)

# expect: grad-none-nonleaf line=5|7 tensor=row
