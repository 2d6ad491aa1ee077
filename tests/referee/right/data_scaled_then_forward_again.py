import torch

w = torch.tensor([2.0, 3.0], requires_grad=True)
first = (w**2).sum()
w.data /= w.data.norm()
second = (w**2).sum()
second.backward()
print(w.grad, first.item())
