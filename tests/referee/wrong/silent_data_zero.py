import torch

a = torch.tensor([7.0, 0.0, 0.0], requires_grad=True)
b = a + 2
loss = (b * b).mean()
b_ = b.data
b_.zero_()
loss.backward()
print(a.grad)

# expect: silent-wrong-gradient line=7 tensor=b|b_
