import torch

ids = torch.tensor([3, 1, 2])
try:
    ids.requires_grad = True
except RuntimeError as error:
    print(error)

# expect: integer-requires-grad line=5 tensor=ids
