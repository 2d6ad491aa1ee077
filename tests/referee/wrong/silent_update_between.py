import torch

lr = 0.1
w = torch.tensor(2.0, requires_grad=True)
x = torch.tensor(3.0)
first = (w * x - 1) ** 2
second = w * w * x
first.backward()
w.data -= lr * w.grad
w.grad = None
second.backward()
print(w.grad)

# expect: silent-wrong-gradient line=9 tensor=w
