import torch

points = torch.tensor([[0.0, 1.0], [0.0, 1.0]], requires_grad=True)
squared = (points[0] - points[1]).pow(2).sum()
distance = squared.sqrt()
loss = distance * 2
loss.backward()
print(points.grad)

# expect: nan-gradient line=5
