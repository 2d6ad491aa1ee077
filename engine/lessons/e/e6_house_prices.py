"""Linear regression

The two features are the area and the age of a house, the label is its price in thousands.

A square metre adds 3 to the price, a year takes 2 away. The features are brought to mean 0 and spread 1 first:
otherwise the gradient for the area would be many times the other one, and no learning rate would fit both. At the end
the weights are converted back.

Question: What would happen to the loss without the line that makes `features`?
Lesson: E6.3
Variant: house prices
Training: yes
Series: y, y, y_pred
"""

import os

import torch

name = os.environ.get("BACKSTEP_DEVICE")
device = torch.device(name or ("cuda" if torch.cuda.is_available() else "cpu"))

torch.manual_seed(0)
area = 100 + 30 * torch.randn(1000)
age = 25 + 10 * torch.randn(1000)
price = 3 * area - 2 * age + 80 + torch.randn(1000)

raw = torch.stack([area, age], dim=1)
mean, std = raw.mean(dim=0), raw.std(dim=0)
features = (raw - mean) / std
labels = price.unsqueeze(1)


def batches(size):
    order = torch.randperm(len(features))
    for chosen in order.split(size):
        yield features[chosen].to(device), labels[chosen].to(device)


w = torch.zeros(2, 1, device=device, requires_grad=True)
b = torch.zeros(1, device=device, requires_grad=True)
optimizer = torch.optim.SGD([w, b], lr=0.05)

for epoch in range(20):
    for x, y in batches(100):
        y_pred = x @ w + b
        loss = ((y_pred - y) ** 2).mean() / 2
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(f"epoch {epoch + 1}: loss {loss.item():.2f}")

per_unit = w.detach().cpu().flatten() / std
start = b.item() - (per_unit * mean).sum().item()
print(f"price = {per_unit[0]:.2f} per square metre, {per_unit[1]:.2f} per year, and {start:.1f}")
