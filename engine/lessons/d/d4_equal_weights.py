"""One training step

Every weight is 0.1. The loss is ln 20, and the convolutions learn nothing.

All 20 outputs are equal, so each class has probability 1/20 and the loss is -ln(1/20) = 2.9957.

The gradient at the outputs is softmax - onehot, and its 20 numbers sum to zero. On the way back the last layer weights
them, all by the same 0.1: zero reaches the convolutions, up to rounding (about -2.4e-7). A public tutorial prints -0.0782
here. That number does not reproduce.

The last layer itself does learn, by weight = old - lr * grad: 0.1 - 1 · (-11.4) = 11.5.

Question: Which of the three layers will change?
Lesson: D4.1
Variant: equal weights
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
output = model(images)
loss = nn.CrossEntropyLoss()(output, target)
loss.backward()
print("output:", tuple(output.shape))
print("loss =", loss.item())
print("first layer, grad:", model[0].weight.grad[0, 0, 0])

weight = model[3].weight.detach()
print("last layer, old: ", weight[1, 0].item())
print("last layer, grad:", model[3].weight.grad[1, 0].item())
optimizer.step()
print("last layer, new: ", weight[1, 0].item())
