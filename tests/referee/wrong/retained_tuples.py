import torch

torch.manual_seed(0)
w = torch.randn(3, requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1)
log = []
for epoch in range(4):
    opt.zero_grad()
    loss = (w * torch.randn(3)).sum() ** 2
    loss.backward()
    opt.step()
    log += [(epoch, loss)]
print(len(log))

# expect: graph-retained line=12
