import torch
x = torch.ones(2, requires_grad=True)
y = (x * 3).exp().sum()
y.grad_fn.register_hook(lambda gi, go: print("left", len(gi), "came", len(go)))
y.grad_fn.register_prehook(lambda go: (go[0] * 2,))
y.backward()
print(x.grad)
