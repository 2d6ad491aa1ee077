import torch
from torch.utils.data import DataLoader, TensorDataset
torch.manual_seed(1)
data = DataLoader(TensorDataset(torch.arange(8.0).view(8, 1)), batch_size=3, shuffle=True)
w = torch.ones(1, requires_grad=True)
for (batch,) in data:
    (batch * w).mean().backward()
    print(batch.flatten().tolist(), w.grad)
