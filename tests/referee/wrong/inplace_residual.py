import torch


def block(x):
    y = torch.exp(x)
    x += y
    return x


start = torch.tensor([0.1, 0.2], requires_grad=True)
x = start * 1.0
loss = (x * x).sum() + block(x).sum()
loss.backward()

# expect: inplace-error line=6 tensor=x
