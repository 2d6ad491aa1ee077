import torch

w = torch.tensor(0.0, requires_grad=True)
b = torch.tensor(0.0, requires_grad=True)
x = torch.tensor([1.0, 2.0, 3.0])
y = 2 * x + 1
for _ in range(3):
    loss = ((w * x + b - y) ** 2).mean()
    loss.backward()
    w.data = w.data - 0.05 * w.grad.data
    b.data = b.data - 0.05 * b.grad.data
    w.grad.data.zero_()
print(w.item(), b.item())

# expect: grad-accumulated line=9|10 tensor=b
