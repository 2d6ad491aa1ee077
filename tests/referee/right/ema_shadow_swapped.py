import torch


class EMA:
    def __init__(self, model, decay):
        self.model, self.decay = model, decay
        self.shadow = {n: p.data.clone() for n, p in model.named_parameters()}
        self.backup = {}

    def update(self):
        for n, p in self.model.named_parameters():
            self.shadow[n] = (1 - self.decay) * p.data + self.decay * self.shadow[n]

    def apply(self):
        for n, p in self.model.named_parameters():
            self.backup[n] = p.data
            p.data = self.shadow[n]

    def restore(self):
        for n, p in self.model.named_parameters():
            p.data = self.backup[n]


torch.manual_seed(0)
net = torch.nn.Linear(2, 1)
ema = EMA(net, 0.9)
opt = torch.optim.SGD(net.parameters(), 0.1)
for _ in range(3):
    opt.zero_grad()
    net(torch.randn(4, 2)).pow(2).mean().backward()
    opt.step()
    ema.update()
    ema.apply()
    with torch.no_grad():
        print(net(torch.ones(1, 2)).item())
    ema.restore()
