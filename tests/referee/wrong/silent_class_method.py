import torch


class Regressor:
    def __init__(self):
        self.w = torch.tensor([0.5, -0.5], requires_grad=True)

    def loss(self, x, y):
        return ((x @ self.w) ** 2 - y).pow(2).mean()

    def project(self):
        self.w.data /= self.w.data.norm()


x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
y = torch.tensor([1.0, 2.0])
model = Regressor()
x.requires_grad_()
loss = model.loss(x, y)
model.project()
loss.backward()
print(x.grad, model.w.grad)

# expect: silent-wrong-gradient line=12
