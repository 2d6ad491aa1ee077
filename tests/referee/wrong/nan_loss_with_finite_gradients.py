import torch

scores = torch.zeros(2, 2, requires_grad=True)
mask = torch.tensor([[True, False], [True, True]])
masked = scores.masked_fill(mask, float("-inf"))
attn = masked.softmax(dim=-1)
attn.sum().backward()
print(scores.grad)

# expect: nan-gradient line=6
