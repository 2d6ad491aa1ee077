import torch

torch.manual_seed(0)
w = torch.randn(4, requires_grad=True)
penalty = 0.01 * w.pow(2).sum()
x, y = torch.randn(8, 4), torch.randn(8)
for i in range(2):
    loss = (x @ w - y).pow(2).mean() + penalty
    try:
        loss.backward()
    except RuntimeError as error:
        print(i, type(error).__name__)
    w.grad = None

# expect: second-backward line=5|10
