"""Where are the gradients of y and z?

Three tensors on the way to `out`. Which of them has a gradient afterwards?

Gradients flowed through `z` and `y` on the way to `x`, but they were let go: backward keeps gradients for leaves only. So
`y.grad` and `z.grad` are None, and PyTorch warns about asking.

Question: Will `y.grad` be zero, or None?
Lesson: E3.1
"""

import torch

x = torch.ones(2, 2, requires_grad=True)
y = x + 2
z = y * y * 3
out = z.mean()
out.backward()
print("x.grad =", x.grad)
print("y.grad =", y.grad)
print("z.grad =", z.grad)
