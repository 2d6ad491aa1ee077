import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x * 3
z = (y**2).sum()
z.backward()
print(x.grad)
print(y.grad)

# expect: grad-none-nonleaf line=4|8 tensor=y
