import torch
from torch import nn

torch.manual_seed(0)
layer = nn.TransformerEncoderLayer(4, 2, dim_feedforward=8, batch_first=True)
opt = torch.optim.AdamW(layer.parameters(), lr=1e-3)
x = torch.randn(2, 3, 4)
mask = nn.Transformer.generate_square_subsequent_mask(3)
for _ in range(2):
    opt.zero_grad(set_to_none=True)
    layer(x, src_mask=mask).pow(2).mean().backward()
    opt.step()
