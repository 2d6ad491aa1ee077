import torch


class Mul(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        return g * b, g * a


a = torch.tensor([2.0], requires_grad=True)
b = torch.tensor([3.0])
y = Mul.apply(a, b)
b.add_(1)
y.backward()

# expect: inplace-error line=19 tensor=b
