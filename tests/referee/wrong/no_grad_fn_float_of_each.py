import torch

w = torch.tensor([1.0, -2.0], requires_grad=True)
penalty = sum(abs(float(v)) for v in w.detach())
loss = torch.as_tensor(penalty)
try:
    loss.backward()
except RuntimeError as error:
    print(error)

# expect: no-grad-fn line=4|5
