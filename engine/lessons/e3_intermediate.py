"""Where are the gradients of y and z?

They were calculated, they flowed through on the way to `x`, and they were let go: backward keeps gradients for leaves
only. So `y.grad` and `z.grad` are None, and PyTorch warns about asking.

Question: Which of the three has a gradient afterwards?
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
