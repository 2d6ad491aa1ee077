"""One training step

`set_to_none=False` keeps the gradients and fills them with zeros.

The next backward adds to these tensors. For the optimizer, zero is a gradient like any other: with momentum or weight decay
the weight still moves, where None would leave it alone.

Question: Is the gradient afterwards the same tensor as before?
Lesson: D4.4
Variant: set_to_none=False
"""

import torch
from torch import nn

model = nn.Sequential(
    nn.Conv2d(3, 16, 3, padding=1, bias=False),
    nn.Conv2d(16, 32, 3, padding=1, bias=False),
    nn.Flatten(),
    nn.Linear(3200, 20, bias=False),
)
for layer in (model[0], model[1], model[3]):
    nn.init.constant_(layer.weight, 0.1)
optimizer = torch.optim.SGD(model.parameters(), lr=1)

images = torch.ones(8, 3, 10, 10)
target = torch.full((8,), 1)
loss = nn.CrossEntropyLoss()(model(images), target)
loss.backward()
optimizer.step()

grad = model[3].weight.grad
print("before:", grad[1, :3])
optimizer.zero_grad(set_to_none=False)
print("after: ", grad[1, :3])
print("same tensor:", model[3].weight.grad is grad)
