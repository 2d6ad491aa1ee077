import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
x.sub_(x.mean().item())
(x**2).sum().backward()

# expect: leaf-inplace line=4 tensor=x
