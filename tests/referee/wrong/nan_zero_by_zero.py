import torch

x = torch.tensor([0.0, 2.0], requires_grad=True)
share = x / x.abs()
share.sum().backward()
print(share, x.grad)

# expect: nan-gradient line=4
