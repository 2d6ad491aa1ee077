import torch

x = torch.tensor([[2.0], [3.0]], requires_grad=True)
spread = x.std(dim=1)
loss = (x.sum() + spread.nansum()) ** 2
loss.backward()
print(x.grad)

# expect: nan-gradient line=4
