import torch

try:
    mask = torch.ones(3, dtype=torch.long, requires_grad=True)
except RuntimeError as error:
    print(error)

# expect: integer-requires-grad line=4
