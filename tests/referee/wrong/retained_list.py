import torch

torch.manual_seed(0)
w = torch.randn(3, requires_grad=True)
opt = torch.optim.Adam([w], lr=0.1)
losses = []
for _ in range(5):
    loss = (w - 1).pow(2).sum()
    losses.append(loss)
    opt.zero_grad()
    loss.backward()
    opt.step()
print(len(losses), min(losses))

# expect: graph-retained line=9
