import torch

x = torch.tensor([1.0, -2.0, 3.0], requires_grad=True)
best = torch.tensor(float("inf"))
for value in x:
    best = torch.minimum(best, value * value)
best.backward()
print(best.item(), x.grad)
