import torch

x = torch.tensor(1.0, requires_grad=True)
z = torch.tensor(3.0, requires_grad=True)
y1 = x**2
with torch.no_grad():
    y2 = z**3
y3 = y1 + y2
y3.backward()
print(x.grad)
assert z.grad is not None, "z did not take part"

# expect: grad-none-unreached line=6|7 tensor=z
