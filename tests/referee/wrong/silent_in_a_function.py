import torch


def normalise(t):
    t.data.div_(t.data.norm())
    return t


v = torch.tensor([3.0, 4.0], requires_grad=True)
energy = (v * v * v).sum()
normalise(v)
energy.backward()
print(v.grad)

# expect: silent-wrong-gradient line=5 tensor=v|t
