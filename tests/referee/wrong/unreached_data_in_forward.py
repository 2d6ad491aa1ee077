import torch

torch.manual_seed(0)
w1 = torch.randn(2, 3, requires_grad=True)
w2 = torch.randn(3, 1, requires_grad=True)
x, y = torch.randn(4, 2), torch.randn(4, 1)
hidden = (x @ w1).sigmoid()
loss = (hidden.data @ w2 - y).pow(2).mean()
loss.backward()
for w in (w1, w2):
    w.data -= 0.1 * w.grad

# expect: grad-none-unreached line=8 tensor=w1|w
