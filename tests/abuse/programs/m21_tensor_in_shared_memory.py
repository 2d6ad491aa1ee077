# title: a tensor moved to shared memory (honest use)
# expect: denied|error
import torch
x = torch.ones(10).share_memory_()
