"""The gradient of an input that was not used

`materialize_grads=True` asks for zeros instead.

This is handy where the gradients are used in a calculation afterwards.

Question: Which shape do the zeros have?
Lesson: F18.3
Variant: cure: zeros
"""

import torch

x = torch.tensor([1., 2.], requires_grad=True)
z = torch.tensor([3., 4.], requires_grad=True)
loss = (x ** 2).sum()

grad_x, grad_z = torch.autograd.grad(loss, [x, z], materialize_grads=True)
print("x:", grad_x)
print("z:", grad_z)
