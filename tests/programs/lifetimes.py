import gc, weakref
import torch
def make():
    x = torch.ones(1000, requires_grad=True)
    y = x * 2
    z = y.exp()
    return weakref.ref(x), weakref.ref(y), z.sum()
x, y, loss = make()
print(x() is None, y() is None)
loss.backward()
print(x() is None, y() is None)
del loss
print(x() is None, y() is None, gc.isenabled())
