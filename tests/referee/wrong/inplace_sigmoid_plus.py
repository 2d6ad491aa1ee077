import torch

x = torch.tensor([0.0, 1.0], requires_grad=True)
y = torch.sigmoid(x)
y += 1
try:
    y.sum().backward()
except RuntimeError as error:
    print(error)

# expect: inplace-error line=5 tensor=y
