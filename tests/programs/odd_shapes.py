import torch
e = torch.zeros(0, 3, requires_grad=True)
e.sum().backward()
s = torch.tensor(2.0, requires_grad=True)
(s ** s).backward()
n = torch.ones(1, 1, 1, 1, 1, requires_grad=True)
n.squeeze().backward()
print(e.grad, s.grad, n.grad, torch.empty(2, 0).max(0) if False else "")
