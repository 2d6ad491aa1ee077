import random
import numpy as np
import torch
torch.manual_seed(7); random.seed(7); np.random.seed(7)
x = torch.randn(3, requires_grad=True)
print(x, torch.rand(1), random.random(), np.random.rand())
torch.nn.functional.dropout(x, 0.5).sum().backward()
print(torch.rand(2), torch.randperm(4), x.grad)
