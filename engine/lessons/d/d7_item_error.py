"""Plain numbers: item() and tolist()

`item()` gives one Python number, and `y` has three elements.

Which of the three should it be? PyTorch does not guess.

Question: What could be meant here: one element, their sum, or all of them?
Lesson: D7.1
Variant: the error
Cure: d7-item
"""

import torch

x = torch.tensor([1., 2., 3.], requires_grad=True)
y = x ** 2
loss = y.sum()
number = loss.item()
print("number =", number, type(number).__name__)
print("y =", y.item())

loss.backward()
print("x.grad =", x.grad)
