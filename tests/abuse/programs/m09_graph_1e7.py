# title: 10^7-node graph through the recorder
# expect: memory|timeout
import torch
x = torch.ones(1, requires_grad=True); y = x
for _ in range(10**7): y = y + 1
y.backward()
