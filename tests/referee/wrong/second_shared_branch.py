import torch

torch.manual_seed(0)
net = torch.nn.Linear(3, 2)
h = torch.tanh(net(torch.randn(4, 3)))
loss1 = h.pow(2).mean()
loss2 = h.abs().mean()
loss1.backward()
try:
    loss2.backward()
except RuntimeError as error:
    print(str(error)[:56])

# expect: second-backward line=10
