import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x.exp()
try:
    y.backward()
except RuntimeError as error:
    print(error)
try:
    x += 1
except RuntimeError as error:
    print(error)
y.sum().backward()
print(x.grad)

# expect: non-scalar-root line=6
# expect: leaf-inplace line=10 tensor=x
