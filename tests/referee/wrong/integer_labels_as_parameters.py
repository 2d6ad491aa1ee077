import numpy as np
import torch


def main():
    ages = np.array([21, 35, 50])
    features = torch.from_numpy(ages)
    try:
        features.requires_grad_(True)
    except RuntimeError as error:
        print(error)
    features = features.float().requires_grad_()
    features.log().sum().backward()
    print(features.grad)


main()

# expect: integer-requires-grad line=9
