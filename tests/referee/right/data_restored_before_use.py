import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
loss = (x**2).sum()
kept = x.data.clone()
x.data.add_(0.01)
nudged = (x.detach() ** 2).sum()
x.data.copy_(kept)
loss.backward()
print(x.grad, nudged - loss.item())
