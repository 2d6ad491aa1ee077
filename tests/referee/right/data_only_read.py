import torch

x = torch.tensor([3.0, 4.0], requires_grad=True)
y = x.norm()
print(x.data, y.data.item(), x.detach().numpy())
y.backward()
print(x.grad)
