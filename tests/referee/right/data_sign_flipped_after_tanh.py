import torch

x = torch.tensor([0.5, -1.0], requires_grad=True)
y = x.tanh()
loss = y.sum()
y.data *= -1
loss.backward()
print(x.grad)
