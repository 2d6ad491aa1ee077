# title: huge tensor, zero filled
# expect: memory
# message: more memory than one run may use
import torch
x = torch.zeros(10**12)   # <- line to report
