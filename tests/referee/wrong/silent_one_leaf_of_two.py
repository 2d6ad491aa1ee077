import torch

a = torch.tensor([1.0, 2.0], requires_grad=True)
b = torch.tensor([3.0, 4.0], requires_grad=True)
loss = (a * a).sum() + (b * b).sum()
a.data[0] = 10.0
loss.backward()
print(a.grad, b.grad)

# expect: silent-wrong-gradient line=6 tensor=a
