import torch

a = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(2.0, requires_grad=True)
c = a * 3
c.backward()
print(a.grad)
print(b.grad)

# expect: grad-none-unreached line=4|8 tensor=b
