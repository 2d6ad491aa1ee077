import torch

w = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
parts = [w[0] ** 2, w[1] ** 2, w[2] ** 2]
loss = torch.tensor(parts).sum()
loss.backward()

# expect: no-grad-fn line=5
