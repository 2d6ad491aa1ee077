# title: names, shapes and messages of a million characters
# expect: error|memory|toobig
import torch
name = "x" * 1_000_000
globals()[name] = torch.ones(2, requires_grad=True)
y = globals()[name] * 2
raise ValueError(name)
