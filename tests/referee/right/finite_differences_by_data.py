import torch


def f(t):
    return (t**3).sum()


x = torch.tensor([1.0, 2.0], requires_grad=True)
loss = f(x)
loss.backward()
eps, numeric = 1e-2, []
for i in range(2):
    x.data[i] += eps
    up = f(x).item()
    x.data[i] -= 2 * eps
    down = f(x).item()
    x.data[i] += eps
    numeric.append((up - down) / (2 * eps))
print(x.grad, numeric)
