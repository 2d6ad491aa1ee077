# title: 10^7-node graph with the recorder switched off by the snippet
# expect: memory|timeout|crash|vanished
import torch
from torch.utils._python_dispatch import _disable_current_modes
x = torch.ones(1, requires_grad=True); y = x
with _disable_current_modes():
    for _ in range(10**7): y = y + 1
    y.backward()
