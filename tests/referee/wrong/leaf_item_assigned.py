import torch

w = torch.zeros(4, requires_grad=True)
try:
    w[0] = 1.0
except RuntimeError as error:
    print(error)
w.sum().backward()
print(w.grad)

# expect: leaf-inplace line=5 tensor=w
