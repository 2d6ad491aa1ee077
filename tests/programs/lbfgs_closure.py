import torch
x = torch.tensor([1.0, -2.0], requires_grad=True)
optimizer = torch.optim.LBFGS([x], max_iter=5)
def closure():
    optimizer.zero_grad()
    loss = ((x - 3) ** 2).sum()
    loss.backward()
    return loss
print(optimizer.step(closure), x)
