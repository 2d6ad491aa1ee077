import torch
from torch import nn

torch.manual_seed(0)


class GAN:
    def __init__(self):
        self.G = nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 3))
        self.D = nn.Sequential(nn.Linear(3, 4), nn.LeakyReLU(0.2), nn.Linear(4, 1))
        self.oG = torch.optim.Adam(self.G.parameters())
        self.oD = torch.optim.Adam(self.D.parameters())

    def train(self, real):
        fake = self.G(torch.randn(5, 2))
        self.oD.zero_grad()
        d = self.D(fake).mean() - self.D(real).mean()
        d.backward()
        self.oD.step()
        self.oG.zero_grad()
        g = -self.D(fake).mean()
        g.backward()
        self.oG.step()


GAN().train(torch.randn(5, 3))

# expect: second-backward line=22 tensor=g
