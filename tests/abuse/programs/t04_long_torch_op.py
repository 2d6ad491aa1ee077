# title: one torch call that computes for minutes
# expect: timeout|memory
# message: didn't finish within|memory|still running
import torch
a = torch.randn(2000, 2000)
b = torch.linalg.matrix_power(a, 10**6 + 2**19 + 1)   # <- line to report
