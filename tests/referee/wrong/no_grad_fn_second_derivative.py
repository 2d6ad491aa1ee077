import torch

x = torch.tensor(2.0, requires_grad=True)
y = x**3
(dy,) = torch.autograd.grad(y, x)
dy.backward()

# expect: no-grad-fn line=5|6
