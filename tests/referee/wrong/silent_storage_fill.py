import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x.exp()
y.untyped_storage().fill_(0)
y.sum().backward()
print(x.grad)

# expect: silent-wrong-gradient line=5 tensor=y
