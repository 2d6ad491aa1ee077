import numpy as np
import torch

rng = np.random.default_rng(0)
raw = np.zeros(4, dtype=np.float32)
w = torch.ones(4, requires_grad=True)
for _ in range(3):
    raw[:] = rng.normal(size=4)
    x = torch.tensor(raw)
    loss = (w * x).sum() ** 2
    raw[:] = 0
    w.grad = None
    loss.backward()
    print(w.grad)
