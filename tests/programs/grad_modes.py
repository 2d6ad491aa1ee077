import torch
x = torch.ones(2, requires_grad=True)
with torch.no_grad():
    a = x * 2
with torch.inference_mode():
    b = x * 2
    b.add_(1)
c = x.detach() * 2
with torch.set_grad_enabled(False):
    d = x * 2
print(a.requires_grad, b.is_inference(), c.requires_grad, d.requires_grad, torch.is_grad_enabled())
try:
    (b * x).sum().backward()
except RuntimeError as error:
    print(error)
