"""From a graph to NumPy

`detach()` leaves the graph, then `numpy()` gives the array.

The graph of `y` is as it was. But array and tensor share one storage: writing to the array changes `y`, and PyTorch
does not notice. To change the array, take a copy of it first.

Question: Does backward from `y` still work afterwards?
Lesson: F16.2
Variant: the cure
"""

import torch

x = torch.tensor([1., 2., 3.], requires_grad=True)
y = x ** 2
print("y as an array:", y.detach().numpy())
y.sum().backward()
print("x.grad =", x.grad)
