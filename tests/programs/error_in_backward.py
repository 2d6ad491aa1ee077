import torch
a = torch.tensor([7.0, 0, 0], requires_grad=True)
b = a + 2
loss = (b * b).mean()
b.detach().zero_()
loss.backward()
