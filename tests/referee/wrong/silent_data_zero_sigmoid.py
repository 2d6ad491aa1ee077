import torch

x = torch.tensor([0.5, -1.0, 2.0], requires_grad=True)
h = torch.sigmoid(x)
h.data.zero_()
h.sum().backward()
print("gradient", x.grad)

# expect: silent-wrong-gradient line=5 tensor=h
