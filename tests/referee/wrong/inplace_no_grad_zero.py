import torch

a = torch.tensor([1.0, 2.0], requires_grad=True)
b = a * 3
loss = b.pow(2).sum()
with torch.no_grad():
    b.zero_()
loss.backward()

# expect: inplace-error line=7 tensor=b
