import torch

try:
    t = torch.arange(5).requires_grad_()
except RuntimeError as error:
    print(error)
    t = torch.arange(5.0).requires_grad_()
(t * t).sum().backward()
print(t.grad)

# expect: integer-requires-grad line=4
