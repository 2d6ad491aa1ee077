import torch

w = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
loss = (w**2).sum()
w.data = torch.zeros(3)
loss.backward()
print(w.grad)

# expect: silent-wrong-gradient line=5 tensor=w
