import torch

torch.manual_seed(0)
cell = torch.nn.RNNCell(2, 3)
h = torch.zeros(1, 3)
loss = torch.zeros(())
for step in torch.randn(4, 1, 2):
    h = cell(step, h)
    loss = loss + h.pow(2).sum()
h.data.zero_()
loss.backward()
print(cell.weight_hh.grad)

# expect: silent-wrong-gradient line=10 tensor=h
