import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
loss = (x**2).sum().item()
loss = torch.tensor(loss)
loss.backward()

# expect: no-grad-fn line=4
