"""The gradient of an input that was not used

`allow_unused=True` says that this is no mistake.

For `z` the answer is None: there was nothing to calculate.

Question: Is None the same as a gradient of zero?
Lesson: F18.2
Variant: cure: allow_unused
"""

import torch

x = torch.tensor([1., 2.], requires_grad=True)
z = torch.tensor([3., 4.], requires_grad=True)
loss = (x ** 2).sum()

grad_x, grad_z = torch.autograd.grad(loss, [x, z], allow_unused=True)
print("x:", grad_x)
print("z:", grad_z)
