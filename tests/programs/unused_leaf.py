import torch
used = torch.ones(2, requires_grad=True)
unused = torch.ones(2, requires_grad=True)
frozen = torch.ones(2)
(used * frozen).sum().backward()
print(used.grad, unused.grad, frozen.grad)
