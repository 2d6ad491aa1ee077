"""Evaluation mode and gradients

The model is in evaluation mode when backward is called.

`eval()` changes what layers such as dropout and batch norm do: here `Dropout` lets everything pass. Autograd goes on
as before: nodes are made, tensors are saved, gradients arrive.

Question: After `eval()`, will the weight get a gradient?
Lesson: F15.1
Variant: eval()
"""

import torch

model = torch.nn.Sequential(torch.nn.Linear(2, 1), torch.nn.Dropout(0.5))
x = torch.tensor([[1., 2.]])

model.eval()
out = model(x)
print("out requires grad:", out.requires_grad)
out.sum().backward()
print("weight.grad =", model[0].weight.grad)
