import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2)).eval()
with torch.inference_mode():
    probabilities = net(torch.randn(2, 3)).softmax(1)
print(probabilities.argmax(1).tolist(), probabilities.numpy().sum(1))
