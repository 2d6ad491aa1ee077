import torch

torch.manual_seed(0)
lin = torch.nn.Linear(2, 2)
opt = torch.optim.SGD(lin.parameters(), lr=0.1)
for i in range(6):
    opt.zero_grad()
    h = torch.exp(lin(torch.ones(1, 2)))
    if i == 5:
        h.mul_(2)
    h.sum().backward()
    opt.step()

# expect: inplace-error line=10|11
