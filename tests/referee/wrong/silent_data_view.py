import torch

m = torch.arange(6.0).reshape(2, 3).requires_grad_()
s = torch.tanh(m * 0.3)
top = s.data.view(-1)[1:3]
top.fill_(1.0)
s.sum().backward()
print(m.grad)

# expect: silent-wrong-gradient line=6
