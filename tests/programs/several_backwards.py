import torch
x = torch.tensor([1.0, 2.0], requires_grad=True)
for k in range(1, 4):
    (k * x * x).sum().backward()
    print(x.grad)
