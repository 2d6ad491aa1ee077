import torch

x = torch.tensor([-1.0, 0.5, 2.0], requires_grad=True)
h = torch.relu(x)
loss = h.sum()
h.data.mul_(0.5)
loss.backward()
assert x.grad.tolist() == [0.0, 1.0, 1.0]
