import torch
a = torch.tensor([7.0, 0, 0], requires_grad=True)
b = a + 2
loss = (b * b).mean()
b.data.zero_()
loss.backward()
print(a.grad)
