import torch
w = torch.tensor([2.0], requires_grad=True)
for step in range(50):
    loss = (w * w).sum()
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
    w.grad = None
    if step % 10 == 0:
        print(step, loss.item())
