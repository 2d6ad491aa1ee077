# title: 50 000 chained custom autograd Functions, backward and destruction
# expect: toobig|ok|crash|memory|recursion|timeout
import torch
class F(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x): return x * 1
    @staticmethod
    def backward(ctx, g): return g
x = torch.ones(1, requires_grad=True); y = x
for _ in range(50_000): y = F.apply(y)
y.sum().backward()
