import torch

x = torch.tensor([[1.0, 1.0, 1.0], [1.0, 2.0, 3.0]], requires_grad=True)
deviation = x.var(dim=1, keepdim=True).sqrt()
loss = ((x - x.mean(dim=1, keepdim=True)) / (deviation + 1e-5)).pow(2).sum()
loss.backward()
print(x.grad)

# expect: nan-gradient line=4
