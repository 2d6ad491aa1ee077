import torch

torch.manual_seed(0)
w1 = torch.randn(2, 3, requires_grad=True)
w2 = torch.randn(3, 1, requires_grad=True)
x = torch.randn(5, 2)
near = (torch.relu(x @ w1) @ w2).mean()
far = (torch.relu(2 * x @ w1) @ w2).mean()
near.backward()
with torch.no_grad():
    for w in (w1, w2):
        w -= 0.1 * w.grad
        w.grad = None
try:
    far.backward()
except RuntimeError as error:
    print(type(error).__name__)

# expect: inplace-error line=12
