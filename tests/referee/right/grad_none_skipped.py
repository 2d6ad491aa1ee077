import torch
from torch import nn

torch.manual_seed(0)
experts = nn.ModuleList(nn.Linear(2, 1) for _ in range(2))
for i in range(3):
    experts[i % 2](torch.randn(3, 2)).mean().backward()
    with torch.no_grad():
        for p in experts.parameters():
            if p.grad is None:
                continue
            p -= 0.1 * p.grad
            p.grad = None
