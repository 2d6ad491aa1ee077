import torch
x = torch.tensor([1.0, 2.0], requires_grad=True)
(g,) = torch.autograd.grad((x ** 3).sum(), x, create_graph=True)
print(g, g.requires_grad)
(g ** 2).sum().backward()
print(x.grad)
