import torch
from torch import nn

logits = torch.tensor([[0.0, -200.0]], requires_grad=True)
log_p = torch.log(torch.softmax(logits, dim=1))
loss = nn.functional.nll_loss(log_p, torch.tensor([1]))
loss.backward()
print(loss, logits.grad)

# expect: nan-gradient line=5
