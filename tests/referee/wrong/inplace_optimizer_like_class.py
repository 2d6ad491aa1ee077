import torch


class Descent:
    def __init__(self, params, lr):
        self.params, self.lr = list(params), lr

    @torch.no_grad()
    def step(self):
        for p in self.params:
            p.add_(p.grad, alpha=-self.lr)
            p.grad = None


torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
opt = Descent(net.parameters(), 0.1)
x = torch.randn(4, 2)
one, two = net(x).mean(), net(-x).pow(2).mean()
one.backward()
opt.step()
two.backward()

# expect: inplace-error line=11
