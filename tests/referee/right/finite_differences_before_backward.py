import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
loss = (x**2).sum()
x.data[0] += 0.5
bumped = (x.detach() ** 2).sum().item()
x.data[0] -= 0.5
loss.backward()
print(x.grad, bumped - loss.item())
