import torch

a = torch.tensor([7.0, 0.0, 0.0], requires_grad=True)
b = a + 2
loss = (b * b).mean()
b_ = b.detach()
b_.zero_()
loss.backward()
print(a.grad)

# expect: inplace-error line=7 tensor=b|b_
