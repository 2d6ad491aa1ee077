import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
u = x.exp()
v = x.sigmoid()
loss = (u + v).sum()
u.data.zero_()
v.detach().numpy()[:] = 1.0
loss.backward()
print(x.grad)

# expect: silent-wrong-gradient line=7 tensor=u
# expect: silent-wrong-gradient line=8 tensor=v
