import numpy as np
import torch

shift = np.array([1.0, 2.0], dtype=np.float32)
w = torch.zeros(2, requires_grad=True)
loss = (w + torch.from_numpy(shift)).sum()
shift[:] = 50.0
loss.backward()
assert w.grad.tolist() == [1.0, 1.0]
