"""One training step

After the step, `zero_grad()` clears the way for the next backward.

In spite of its name it writes no zeros: it sets every `.grad` to None. The memory is free, and the next backward brings a
new tensor instead of adding to an old one. An optimizer passes over a parameter whose gradient is None.

Question: What is the gradient after `zero_grad()`: zeros or None?
Lesson: D4.3
Variant: zero_grad()
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

print("before:", model[3].weight.grad[1, :3])
optimizer.zero_grad()
print("after: ", model[3].weight.grad)
