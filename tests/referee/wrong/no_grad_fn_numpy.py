import numpy as np
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 1)
x, y = torch.randn(4, 2), torch.randn(4, 1)
prediction = model(x).detach().numpy()
error = np.square(prediction - y.numpy()).mean()
loss = torch.tensor(error)
loss.backward()

# expect: no-grad-fn line=8
