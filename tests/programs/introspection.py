import sys
import torch
x = torch.ones(2, requires_grad=True)
y = x * 2
def f(a):
    before = locals()
    b = a + 1
    return sorted(before), sys._getframe().f_back.f_code.co_name
print(f(y), sys.gettrace(), sys.getprofile(), __name__, __file__.endswith("introspection.py"), sys.argv[1:])
print(sorted(k for k in globals() if not k.startswith("__")))
print(y.grad_fn.name(), y.grad_fn.metadata, x._backward_hooks, x._version, torch.overrides._get_current_function_mode_stack.__name__)
