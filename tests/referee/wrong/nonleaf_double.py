import warnings

import torch

warnings.simplefilter("ignore")
w = torch.ones(2, requires_grad=True).double()
loss = (w * torch.tensor([1.0, 2.0], dtype=torch.float64)).sum()
loss.backward()
if w.grad is None:
    print("nothing to step along")

# expect: grad-none-nonleaf line=6|9 tensor=w
