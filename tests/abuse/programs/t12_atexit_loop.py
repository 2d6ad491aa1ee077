# title: atexit handler that never ends (must not run at all)
# expect: ok
import torch
import atexit
def f():
    while True: pass
atexit.register(f)
x = torch.ones(2, requires_grad=True); x.sum().backward()
