import torch

torch.manual_seed(0)
w = torch.randn(3, requires_grad=True)
opt = torch.optim.SGD([w], lr=0.3)
previous = None
for epoch in range(20):
    loss = (w - 2).pow(2).sum()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if previous is not None and previous - loss < 1e-3:
        print("stopped after", epoch)
        break
    previous = loss
