import torch

torch.manual_seed(0)
rows = torch.tensor([[3.0, 4.0], [0.0, 0.0]], requires_grad=True)
unit = rows / rows.norm(dim=1, keepdim=True)
unit[0].sum().backward()
print(rows.grad)

# expect: nan-gradient line=5
