import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x.sigmoid()
work = y.detach().clone()
work.zero_()
work += 5
y.sum().backward()
print(work, x.grad)
