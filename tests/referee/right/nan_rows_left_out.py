import torch

torch.manual_seed(0)
w = torch.randn(2, requires_grad=True)
x = torch.tensor([[1.0, 2.0], [float("nan"), 1.0], [0.5, -1.0]])
y = torch.tensor([1.0, 2.0, float("nan")])
good = ~(x.isnan().any(1) | y.isnan())
loss = (x[good] @ w - y[good]).pow(2).mean()
loss.backward()
print(w.grad)
