import torch
from torch import nn

torch.manual_seed(0)
net = nn.Linear(2, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for phase in ("train", "val", "train", "val"):
    with torch.set_grad_enabled(phase == "train"):
        loss = nn.functional.cross_entropy(net(torch.randn(4, 2)), torch.tensor([0, 1, 1, 0]))
        if phase == "train":
            opt.zero_grad()
            loss.backward()
            opt.step()
    print(phase, loss.item())
