import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
y = (x * x).sum()
(g,) = torch.autograd.grad(y, x)
print(g)
try:
    y.backward()
except RuntimeError:
    print("the graph is gone")

# expect: second-backward line=8
