import torch

torch.manual_seed(0)
x = torch.randn(4, requires_grad=True)
scale = x.abs()
y = x / scale
scale.clamp_(min=0.5)
try:
    y.sum().backward()
except RuntimeError as error:
    print(type(error).__name__)

# expect: inplace-error line=7 tensor=scale
