import torch

torch.manual_seed(0)
w = torch.randn(3, 3, requires_grad=True)
states = torch.zeros(4, 3)
states[0] = 1.0
for t in range(3):
    states[t + 1] = torch.tanh(states[t] @ w)
states.sum().backward()

# expect: inplace-error line=8
