import torch


def forward(x, w):
    x = x * w
    x = x + 1
    w = w.pow(2)
    x = torch.relu(x) + w
    x = x * 0.5
    print(x)
    return x.sum()


x = torch.ones(2)
w = torch.tensor([1.0, -2.0], requires_grad=True)
forward(x, w).backward()
print(w.grad)
