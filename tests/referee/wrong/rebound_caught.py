import torch

a = torch.tensor(0.0, requires_grad=True)
b = torch.tensor(1.0, requires_grad=True)
x = torch.linspace(-1, 1, 9)
try:
    for _ in range(2):
        loss = (a + b * x - torch.sin(x)).pow(2).sum()
        loss.backward()
        with torch.no_grad():
            a -= 0.01 * a.grad
            a.grad = None
        b = b - 0.01 * b.grad
except TypeError as error:
    print(error)

# expect: rebound-leaf line=13 tensor=b
