import numpy as np
import torch

x = torch.tensor([0.1, 0.2, 0.3], requires_grad=True)
y = torch.tanh(x)
np.clip(y.detach().numpy(), 0.0, 0.15, out=y.detach().numpy())
y.sum().backward()
print(x.grad)

# expect: silent-wrong-gradient line=6 tensor=y
