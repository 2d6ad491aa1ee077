"""Linear regression

The labels have the shape (n,) instead of (n, 1), and nothing else is changed.

`y_pred - y` is then (100, 1) minus (100,). Broadcasting makes a table of 100 × 100 of it: every prediction is compared
with every label. There is no error.

What is best for all labels at once is their mean. So `w` goes to 0, `b` to about 4.2, and the loss stays at half the
variance of the labels.

Question: What is the shape of `residual`?
Lesson: E6.2
Variant: shapes (n,) and (n, 1)
Training: yes
Series: y, y, y_pred
"""

import os

import torch

name = os.environ.get("BACKSTEP_DEVICE")
device = torch.device(name or ("cuda" if torch.cuda.is_available() else "cpu"))

torch.manual_seed(0)
true_w, true_b = torch.tensor([[2.], [1.]]), 4.2
features = torch.randn(1000, 2)
labels = features @ true_w + true_b + 0.01 * torch.randn(1000, 1)
labels = labels.squeeze(1)


def batches(size):
    order = torch.randperm(len(features))
    for chosen in order.split(size):
        yield features[chosen].to(device), labels[chosen].to(device)


w = torch.zeros(2, 1, device=device, requires_grad=True)
b = torch.zeros(1, device=device, requires_grad=True)
optimizer = torch.optim.SGD([w, b], lr=0.05)

for epoch in range(10):
    for x, y in batches(100):
        y_pred = x @ w + b
        residual = y_pred - y
        loss = (residual ** 2).mean() / 2
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(f"epoch {epoch + 1}: loss {loss.item():.5f}")

print("shapes:", tuple(y_pred.shape), tuple(y.shape))
print("w =", [round(value, 3) for value in w.flatten().tolist()], " b =", round(b.item(), 3))
