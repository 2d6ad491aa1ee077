"""Losses and their gradients

Logits go in, no softmax before: `CrossEntropyLoss` has its own.

Its gradient is softmax minus one-hot: the probability of each class, less 1 at the class that is right. So a wrong
class is pushed down as hard as the model believes in it. The sum over the classes is 0.

`reduction="mean"` divides by the number of rows.

Question: For which class is the gradient negative?
Lesson: C6.3
Variant: cross entropy
"""

import torch
from torch import nn

logits = torch.tensor([[2., 1., 0.1], [0.5, 3., -1.]], requires_grad=True)
target = torch.tensor([0, 2])

loss = nn.CrossEntropyLoss(reduction="sum")(logits, target)
loss.backward()
print("gradient:\n", logits.grad)

softmax = torch.softmax(logits.detach(), dim=1)
onehot = nn.functional.one_hot(target, 3)
print("softmax - onehot:\n", softmax - onehot)
