import torch
x = torch.arange(6.0, requires_grad=True)
m = x.view(2, 3)
t = m.t()
print(t.is_contiguous(), t.contiguous().is_contiguous(), m.data_ptr() == x.data_ptr(), m._base is x)
try:
    t.view(6)
except RuntimeError as error:
    print(error)
(t.reshape(6) * torch.arange(6.0)).sum().backward()
print(x.grad)
