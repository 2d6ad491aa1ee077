# title: a gradient hook that never returns (called from C++)
# expect: timeout
# message: still running after
import torch
x = torch.ones(2, requires_grad=True)
def h(g):
    while True: pass   # <- line to report
x.register_hook(h); (x * 2).sum().backward()
