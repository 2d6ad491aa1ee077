import torch
def compute():
    try:
        return torch.ones(2) @ torch.ones(3)
    except RuntimeError as error:
        raise ValueError("wrapped") from error
compute()
