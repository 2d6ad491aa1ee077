import atexit
import torch
atexit.register(lambda: print("at exit", torch.ones(1) + 1))
w = torch.ones(1, requires_grad=True)
(w * 2).backward()
print("end")
