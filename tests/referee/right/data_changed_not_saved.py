import torch

a = torch.tensor([7.0, 0.0, 0.0], requires_grad=True)
b = a + 2
b.data.zero_()
loss = b.sum()
loss.backward()
assert a.grad.tolist() == [1.0, 1.0, 1.0]
