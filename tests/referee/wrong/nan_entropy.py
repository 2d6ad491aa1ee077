import torch

p = torch.tensor([0.5, 0.5, 0.0], requires_grad=True)
logs = torch.log(p)
entropy = -(p * logs).sum()
entropy.backward()
print(entropy, p.grad)

# expect: nan-gradient line=4|5
