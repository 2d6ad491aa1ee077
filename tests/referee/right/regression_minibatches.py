import torch

torch.manual_seed(0)
features = torch.randn(30, 2)
labels = features @ torch.tensor([[2.0], [-3.4]]) + 4.2
w, b = torch.zeros(2, 1, requires_grad=True), torch.zeros(1, requires_grad=True)
for _ in range(2):
    order = torch.randperm(30)
    for i in range(0, 30, 10):
        rows = order[i : i + 10]
        loss = ((features[rows] @ w + b - labels[rows]) ** 2 / 2).mean()
        loss.backward()
        with torch.no_grad():
            for p in (w, b):
                p -= 0.05 * p.grad
                p.grad.zero_()
    with torch.no_grad():
        print(((features @ w + b - labels) ** 2).mean().item())
