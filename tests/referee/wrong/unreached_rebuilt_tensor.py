import torch

slope = torch.tensor(1.0, requires_grad=True)
offset = torch.tensor(0.0, requires_grad=True)
params = torch.tensor([slope.item(), 2.0])
x = torch.linspace(0, 1, 5)
loss = (params[0] * x + offset - params[1]).pow(2).mean()
loss.backward()
print(offset.grad, slope.grad)

# expect: grad-none-unreached line=5 tensor=slope
