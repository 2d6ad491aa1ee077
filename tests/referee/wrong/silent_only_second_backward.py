import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
loss = (x * x).sum()
loss.backward(retain_graph=True)
print(x.grad)
x.grad = None
x.data += 5
loss.backward()
print(x.grad)

# expect: silent-wrong-gradient line=8 tensor=x
