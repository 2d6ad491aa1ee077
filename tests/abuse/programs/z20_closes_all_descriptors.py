# title: records a step, then closes every descriptor, the recorder's too
# expect: error
# message: Stopped: the program broke the process it ran in
import os, torch
w = torch.ones(2, requires_grad=True)
os.closerange(0, 10_000)   # <- line to report
(w * w).sum().backward()
