import torch

torch.manual_seed(0)
w = torch.randn(3, 3, requires_grad=True)
states = [torch.ones(3)]
for _ in range(4):
    states.append(torch.tanh(states[-1] @ w))
torch.stack(states).sum().backward()
print(w.grad)
