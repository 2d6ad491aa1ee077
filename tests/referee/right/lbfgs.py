import torch

w = torch.tensor([3.0, -2.0], requires_grad=True)
opt = torch.optim.LBFGS([w], lr=0.5, max_iter=4)


def closure():
    opt.zero_grad()
    loss = ((w - torch.tensor([1.0, 1.0])) ** 2).sum()
    loss.backward()
    return loss


for _ in range(2):
    loss = opt.step(closure)
print(w, loss.item())
