"""A hidden state and its graph

A recurrent cell over three inputs, with backward after each.

`hidden` carries its numbers into the next round, and its graph with them. The second backward goes back into the
first round, where the saved tensors are freed already.

`retain_graph=True` would silence the error, and the graph would grow with every round.

Question: How far back does the second backward go?
Lesson: F12.1
Variant: the error
Cure: f12-hidden-state-cured
"""

import torch

w = torch.tensor(0.5, requires_grad=True)
hidden = torch.tensor(0.)

for x in [0.5, -1., 2.]:
    hidden = torch.tanh(w * hidden + x)
    loss = hidden ** 2
    loss.backward()
    print("w.grad =", w.grad)
