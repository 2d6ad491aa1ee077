import torch

z = torch.tensor([1 + 2j, 0.5 - 1j], requires_grad=True)
loss = (z * z.conj()).real.sum()
loss.backward()
print(z.grad)
