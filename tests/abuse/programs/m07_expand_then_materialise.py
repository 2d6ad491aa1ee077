# title: tiny tensor expanded to 10^14 elements, then materialised
# expect: memory
import torch
x = torch.ones(1, 1).expand(10**7, 10**7)
y = x + 1
