# title: a tensor subclass whose repr, shape and grad never return
# expect: timeout|error|ok
import torch
class T(torch.Tensor):
    def __repr__(self):
        while True: pass
    __str__ = __format__ = __hash__ = __repr__
    @property
    def grad(self):
        while True: pass
x = torch.ones(2, requires_grad=True).as_subclass(T)
(x * 2).sum().backward()
