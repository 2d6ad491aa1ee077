import torch

w = torch.tensor(3.0, requires_grad=True)
y = w
for _ in range(8):
    y = y * y
loss = y - y
loss = loss * w
loss.backward()
print(w.grad)

# expect: nan-gradient line=6
