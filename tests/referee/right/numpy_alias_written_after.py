import numpy as np
import torch

batch = np.ones((2, 3), dtype=np.float32)
w = torch.ones(3, requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1)
for i in range(3):
    batch[:] = i + 1
    loss = (torch.from_numpy(batch) * w).sum()
    opt.zero_grad()
    loss.backward()
    opt.step()
print(w)
