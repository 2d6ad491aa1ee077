import helper_module
import torch
w = torch.ones(2, requires_grad=True)
helper_module.loss(w).backward()
print(w.grad)
