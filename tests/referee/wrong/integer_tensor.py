import torch

x = torch.tensor([1, 2, 3], requires_grad=True)
y = (x**2).sum()
y.backward()

# expect: integer-requires-grad line=3
