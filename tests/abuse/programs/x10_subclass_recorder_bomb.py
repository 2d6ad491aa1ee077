# title: a tensor subclass whose __torch_function__ recurses for ever
# expect: recursion|error|crash|timeout
import torch
class T(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None): return args[0] + 1
x = torch.ones(2).as_subclass(T); y = x + 1
