import torch


class Sq(torch.autograd.Function):
    @staticmethod
    def forward(ctx, t):
        ctx.save_for_backward(t)
        return t * t

    @staticmethod
    def backward(ctx, g):
        (t,) = ctx.saved_tensors
        return 2 * t * g


x = torch.tensor([2.0], requires_grad=True)
h = x + 1
y = Sq.apply(h)
h.data.fill_(100.0)
y.backward()
print(x.grad)

# expect: silent-wrong-gradient line=19 tensor=h
