import torch

cell = torch.nn.Linear(2, 2)
h = torch.zeros(4, 2)
x = torch.ones(1, 2)
for t in range(1, 4):
    h[t] = torch.tanh(cell(h[t - 1].unsqueeze(0)) + x)[0]
h.sum().backward()

# expect: inplace-error line=7 tensor=h
