"""A result is changed before backward

`exp` gives `y`, and `y += 1` then writes over it.

The derivative of exp(x) is exp(x) itself. So `ExpBackward0` saved its own result, and that is `y`, at version 0. `y
+= 1` writes into the same tensor and moves its version to 1.

Backward finds the wrong version and raises. Otherwise it would have multiplied by exp(x) + 1.

Question: Will backward run, raise, or give a wrong gradient?
Lesson: F1.1
Variant: the error
Cure: f01-saved-overwritten-cured
"""

import torch

x = torch.tensor([0., 1.], requires_grad=True)
y = torch.exp(x)
y += 1
loss = y.sum()
loss.backward()
print("x.grad =", x.grad)
