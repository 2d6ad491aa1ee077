import torch


class Meter:
    def __init__(self):
        self.values = []

    def update(self, value):
        self.values.append(value)


torch.manual_seed(0)
meter = Meter()
w = torch.randn(2, 2, requires_grad=True)
for _ in range(4):
    w.grad = None
    loss = (torch.randn(3, 2) @ w).pow(2).mean()
    loss.backward()
    meter.update(loss)
    with torch.no_grad():
        w -= 0.1 * w.grad
print(len(meter.values))

# expect: graph-retained line=9|19
