# title: huge tensor never touched (overcommit)
# expect: memory
import torch
x = torch.empty(4 * 10**9)
