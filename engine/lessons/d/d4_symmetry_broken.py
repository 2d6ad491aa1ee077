"""One training step

The last layer keeps the random weights it was made with.

Its rows now differ, so what they send back no longer cancels: the first layer gets gradients of 0.1 to 0.4.

The filters of the first layer still start equal and do the same work, so they get the same gradient and stay equal for
ever. This is why every layer starts from random weights.

Question: Do the 16 filters of the first layer get 16 different gradients?
Lesson: D4.2
Variant: cure: break the symmetry
"""

import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(
    nn.Conv2d(3, 16, 3, padding=1, bias=False),
    nn.Conv2d(16, 32, 3, padding=1, bias=False),
    nn.Flatten(),
    nn.Linear(3200, 20, bias=False),
)
for layer in (model[0], model[1]):
    nn.init.constant_(layer.weight, 0.1)

images = torch.ones(8, 3, 10, 10)
target = torch.full((8,), 1)
loss = nn.CrossEntropyLoss()(model(images), target)
loss.backward()
grad = model[0].weight.grad
print("first layer, grad:", grad[0, 0, 0])
print("from", grad.min().item(), "to", grad.max().item())
print("all filters alike:", torch.allclose(grad, grad[:1].expand(16, 3, 3, 3)))
