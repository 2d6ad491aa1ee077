import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
loss = (x**2).mean()
loss.backward()
print(loss.grad)

# expect: grad-none-nonleaf line=4|6 tensor=loss
