import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
doubled = w * 2
copied = torch.from_numpy(doubled.detach().numpy() ** 2)
copied.sum().backward()

# expect: no-grad-fn line=5
