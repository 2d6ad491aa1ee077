import torch

a = torch.tensor([1.0, 0.0], requires_grad=True)
b = torch.tensor([1.0, 0.0])
angle = torch.acos((a * b).sum())
angle.backward()
print(angle.item(), a.grad)

# expect: nan-gradient line=5
