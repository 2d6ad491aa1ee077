# title: reaches the recorder through the stack and destroys it
# expect: ok|error|vanished
import torch
import sys
f = sys._getframe()
while f:
    for v in list(f.f_locals.values()):
        if type(v).__name__ == "Recorder": v.fd = -1; v.n = -10**9; v.flush = None
    f = f.f_back
x = torch.ones(2) + 1
