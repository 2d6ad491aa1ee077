import numpy as np
import torch

torch.manual_seed(1)
fc1, fc2 = torch.nn.Linear(3, 4), torch.nn.Linear(4, 1)
h = fc1(torch.randn(5, 3))
out = fc2(h).sum()
array = h.detach().numpy()
np.maximum(array, 0, out=array)
out.backward()
print(fc2.weight.grad)

# expect: silent-wrong-gradient line=9 tensor=h
