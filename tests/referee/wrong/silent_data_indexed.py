import torch

torch.manual_seed(0)
logits = torch.randn(2, 5, requires_grad=True)
probs = torch.softmax(logits, dim=1)
score = (probs * torch.arange(5.0)).sum()
probs.data[probs.data < 0.2] = 0.0
score.backward()
print(logits.grad)

# expect: silent-wrong-gradient line=7 tensor=probs
