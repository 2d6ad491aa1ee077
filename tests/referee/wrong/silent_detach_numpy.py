import torch

x = torch.tensor([0.0, 1.0, 2.0], requires_grad=True)
y = x.exp()
view = y.detach().numpy()
view[:] = 0
y.sum().backward()
print(x.grad)

# expect: silent-wrong-gradient line=6 tensor=y
