import torch

torch.manual_seed(0)
lin = torch.nn.Linear(3, 1)
opt = torch.optim.SGD(lin.parameters(), 0.1)
for _ in range(3):
    full = lin.weight.data.clone()
    lin.weight.data = lin.weight.data.sign()
    loss = lin(torch.randn(4, 3)).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    lin.weight.data = full
    opt.step()
