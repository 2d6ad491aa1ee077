import torch
x = torch.ones(2, requires_grad=True)
loss = torch.tensor((x * 2).sum().item())
try:
    loss.backward()
except RuntimeError as error:
    print(error)
try:
    x.numpy()
except RuntimeError as error:
    print(error)
torch.tensor([1, 2], requires_grad=True)
