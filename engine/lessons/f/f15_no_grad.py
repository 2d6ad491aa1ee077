"""Evaluation mode and gradients

The model is called in a `torch.no_grad()` block, too.

This is what stops autograd: no nodes, no saved tensors, less memory. Evaluation wants both, `eval()` for the layers
and `no_grad` for the memory.

Question: What would `out.sum().backward()` say now?
Lesson: F15.2
Variant: no_grad
"""

import torch

model = torch.nn.Sequential(torch.nn.Linear(2, 1), torch.nn.Dropout(0.5))
x = torch.tensor([[1., 2.]])

model.eval()
with torch.no_grad():
    out = model(x)
print("out requires grad:", out.requires_grad)
print("weight.grad =", model[0].weight.grad)
