import torch

torch.manual_seed(0)
w = torch.randn(3, requires_grad=True)
loss = (w.sin() * w).sum()
(g,) = torch.autograd.grad(loss, w, create_graph=True)
v = torch.ones(3)
(hv,) = torch.autograd.grad(g @ v, w)
print(torch.autograd.functional.hessian(lambda t: (t.sin() * t).sum(), w.detach()) @ v - hv)
