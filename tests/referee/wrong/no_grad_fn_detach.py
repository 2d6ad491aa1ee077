import torch

w = torch.tensor([0.5, 1.5], requires_grad=True)
x = torch.tensor([2.0, 3.0])
prediction = (w * x).detach()
loss = (prediction - 1).pow(2).sum()
try:
    loss.backward()
except RuntimeError as error:
    print("no graph:", error)

# expect: no-grad-fn line=5
