"""A hidden state and its graph

`detach()` cuts the hidden state off at the end of each round.

The numbers go on, the graph does not. Backward stays within its round. This is called truncated backpropagation
through time.

Question: What does `w.grad` lack, compared with one backward through all rounds?
Lesson: F12.2
Variant: the cure
"""

import torch

w = torch.tensor(0.5, requires_grad=True)
hidden = torch.tensor(0.)

for x in [0.5, -1., 2.]:
    hidden = torch.tanh(w * hidden + x)
    loss = hidden ** 2
    loss.backward()
    hidden = hidden.detach()
    print("w.grad =", w.grad)
