# title: a graph that keeps a large tensor in every node
# expect: memory
# time: 8
import torch
x = torch.ones(1000, 1000, requires_grad=True)
y = x
for _ in range(10_000): y = (y * 1.0001).exp().log()
