# title: DataLoader with worker processes (honest use)
# expect: denied|error
import torch
from torch.utils.data import DataLoader, TensorDataset
for b in DataLoader(TensorDataset(torch.arange(10.)), num_workers=2): print(b)
