"""Linear regression

1000 rows of two features, made with known weights, and a training that has to find them.

The labels are `2 x₁ + 1 x₂ + 4.2` and a little noise. In every epoch the rows are shuffled and dealt out in batches of
100; each batch gives a loss and a step. After 10 epochs `w` and `b` are within 0.05 of the truth.

Predictions and labels are both of shape (100, 1). This matters: see the program beside this one.

Question: How many steps does the training make in an epoch?
Lesson: E6.1
Variant: the training
Training: yes
Series: y, y, y_pred
Break: e6-broadcast, e6-no-zero-grad, e6-lr-100, e6-detach, e6-data
"""

import os

import torch

name = os.environ.get("BACKSTEP_DEVICE")
device = torch.device(name or ("cuda" if torch.cuda.is_available() else "cpu"))

torch.manual_seed(0)
true_w, true_b = torch.tensor([[2.], [1.]]), 4.2
features = torch.randn(1000, 2)
labels = features @ true_w + true_b + 0.01 * torch.randn(1000, 1)


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
