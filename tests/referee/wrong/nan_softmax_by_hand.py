import torch

logits = torch.tensor([1.0, 100.0, 2.0], requires_grad=True)
e = torch.exp(logits)
probs = e / e.sum()
loss = -torch.log(probs[1])
loss.backward()
print(loss, logits.grad)

# expect: nan-gradient line=4|5
