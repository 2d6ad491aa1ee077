import torch

torch.manual_seed(0)
model = torch.nn.Linear(3, 2)
scores = model(torch.randn(4, 3))
loss = torch.nn.functional.cross_entropy(scores.data, torch.tensor([0, 1, 0, 1]))
try:
    loss.backward()
except RuntimeError as error:
    print(error)

# expect: no-grad-fn line=6
