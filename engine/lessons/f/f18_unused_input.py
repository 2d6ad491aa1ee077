"""The gradient of an input that was not used

Gradients of `x` and `z` are wanted; `loss` knows only `x`.

No way leads from `loss` to `z`. The derivative would be zero, but a missing way is mostly a mistake, so
`torch.autograd.grad` raises.

Question: What comes back for `z`: zeros, None, or an error?
Lesson: F18.1
Variant: the error
Cure: f18-unused-input-cured
"""

import torch

x = torch.tensor([1., 2.], requires_grad=True)
z = torch.tensor([3., 4.], requires_grad=True)
loss = (x ** 2).sum()

grad_x, grad_z = torch.autograd.grad(loss, [x, z])
print("x:", grad_x)
print("z:", grad_z)
