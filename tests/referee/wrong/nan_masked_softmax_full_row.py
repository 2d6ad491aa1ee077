import torch

scores = torch.zeros(2, 3)
values = torch.ones(3, 2, requires_grad=True)
mask = torch.tensor([[False, False, True], [True, True, True]])
weights = scores.masked_fill(mask, float("-inf")).softmax(dim=1)
out = weights @ values
out[0].sum().backward()
print(out, values.grad)

# expect: nan-gradient line=6|7
