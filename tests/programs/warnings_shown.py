import torch, warnings
y = torch.ones(2, requires_grad=True) * 2
for _ in range(2):
    y.grad
warnings.warn("mine")
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    torch.nn.functional.softmax(y)
    float(y.sum())
print([(w.category.__name__, w.lineno) for w in seen])
