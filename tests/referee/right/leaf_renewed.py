import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
for _ in range(3):
    loss = (w * w).sum()
    loss.backward()
    w = (w.detach() - 0.1 * w.grad).requires_grad_()
print(w)
