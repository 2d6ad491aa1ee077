import torch

x = torch.randn(1000, requires_grad=True)
y = x * 2
y.untyped_storage().resize_(0)
print(y.shape, y.requires_grad)
w = torch.nn.Parameter(torch.ones(100))
z = (w * w).sum()
kept = w.detach().clone()
w.untyped_storage().resize_(0)
print(w.detach().shape)
w.untyped_storage().resize_(400)
with torch.no_grad():
    w.copy_(kept)
try:
    z.backward()
except RuntimeError as error:
    print(str(error)[:60])
