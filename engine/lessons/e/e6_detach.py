"""Linear regression

`detach()` stands behind the product of features and weights.

`b` still learns, `w` does not: its `.grad` stays None, and the optimizer passes over it without a word. The loss falls
at first and then stays, as if the features said nothing about the labels.

Question: Which of the two parameters gets a gradient?
Lesson: E6.6
Variant: detach() in the wrong place
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


def batches(size):
    order = torch.randperm(len(features))
    for chosen in order.split(size):
        yield features[chosen].to(device), labels[chosen].to(device)


w = torch.zeros(2, 1, device=device, requires_grad=True)
b = torch.zeros(1, device=device, requires_grad=True)
optimizer = torch.optim.SGD([w, b], lr=0.05)

for epoch in range(10):
    for x, y in batches(100):
        y_pred = (x @ w).detach() + b
        residual = y_pred - y
        loss = (residual ** 2).mean() / 2
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(f"epoch {epoch + 1}: loss {loss.item():.5f}")

print("shapes:", tuple(y_pred.shape), tuple(y.shape))
print("w =", [round(value, 3) for value in w.flatten().tolist()], " b =", round(b.item(), 3))
