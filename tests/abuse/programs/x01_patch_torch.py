# title: monkeypatches torch (the next run must not notice)
# expect: ok|error
import torch
torch.Tensor.backward = lambda *a, **k: None
torch.Tensor.__add__ = lambda a, b: a
torch.add = torch.mul = None
torch.manual_seed = None
