import torch

x = torch.tensor(0.0, requires_grad=True)
slopes = []
for point in (0.0, 0.5, 1.0):
    y = torch.cos(x + point)
    y.backward()
    slopes.append(x.grad.item())
print(slopes)

# expect: grad-accumulated line=7|8 tensor=x
