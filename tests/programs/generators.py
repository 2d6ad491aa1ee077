import torch
w = torch.tensor(1.0, requires_grad=True)
def terms():
    for k in range(5):
        yield w ** k / (k + 1)
total = sum(terms())
total.backward()
print(total.item(), w.grad)
