import torch

torch.manual_seed(0)
w = torch.randn(3, requires_grad=True) * 0.01
x, y = torch.randn(5, 3), torch.randn(5)
loss = (x @ w - y).pow(2).mean()
loss.backward()
w.data -= 0.1 * w.grad

# expect: grad-none-nonleaf line=4|8 tensor=w
