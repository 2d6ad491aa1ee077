import torch

torch.manual_seed(0)
w = torch.randn(3, requires_grad=True)
x, y = torch.randn(5, 3), torch.randn(5)
loss = (x @ w - y).pow(2).mean()
loss.backward()
w -= 0.1 * w.grad
print(w)

# expect: leaf-inplace line=8 tensor=w
