import torch

x = torch.ones(2, 2)
x.requires_grad_()
x += 1
x.sum().backward()

# expect: leaf-inplace line=5 tensor=x
