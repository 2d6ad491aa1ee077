import torch

w = torch.tensor([0.0, 1.0], requires_grad=True)
loss = w.exp().sum()
w.data.fill_(9.0)
loss.backward()
print(w.grad)
