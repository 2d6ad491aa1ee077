import numpy as np
import torch

prices = np.array([1.0, 2.0, 3.0], dtype=np.float32)
c = torch.from_numpy(prices)
w = torch.ones(3, requires_grad=True)
loss = (w * c).sum()
prices[0] = 100.0
loss.backward()
print(w.grad)

# expect: silent-wrong-gradient line=8 tensor=c
