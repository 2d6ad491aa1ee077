"""The programs that are timed: one training step of each model, warmed up outside the clock."""

from __future__ import annotations

HEAD = """import torch
import torch.nn as nn
torch.manual_seed(0)
"""
MLP = (
    HEAD
    + """
model = nn.Sequential(nn.Linear(100, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
x, target = torch.randn(64, 100), torch.randn(64, 10)
((model(x) - target) ** 2).mean().backward()
"""
)
CNN = (
    HEAD
    + """
model = nn.Sequential(nn.Conv2d(3, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1),
                      nn.ReLU(), nn.Flatten(), nn.Linear(32 * 16 * 16, 10))
x, target = torch.randn(16, 3, 32, 32), torch.randint(0, 10, (16,))
nn.functional.cross_entropy(model(x), target).backward()
"""
)
LSTM = (
    HEAD
    + """
cell = nn.LSTMCell(32, 64)
x = torch.randn(50, 8, 32)
h = c = torch.zeros(8, 64)
for t in range(50):
    h, c = cell(x[t], (h, c))
h.sum().backward()
"""
)
GPT = (
    HEAD
    + """
class Block(nn.Module):
    def __init__(self, d, n_heads):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.qkv, self.out, self.n_heads = nn.Linear(d, 3 * d), nn.Linear(d, d), n_heads
        self.mlp = nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d))

    def forward(self, x):
        b, t, d = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(b, t, 3, self.n_heads, d // self.n_heads).permute(2, 0, 3, 1, 4)
        y = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(y.transpose(1, 2).reshape(b, t, d))
        return x + self.mlp(self.norm2(x))


embed = nn.Embedding(256, 128)
blocks = nn.Sequential(*[Block(128, 4) for _ in range(12)])
head = nn.Linear(128, 256)
tokens = torch.randint(0, 256, (2, 64))
logits = head(blocks(embed(tokens)))
nn.functional.cross_entropy(logits.view(-1, 256), tokens.view(-1)).backward()
"""
)
PROGRAMS = {"MLP": MLP, "small CNN": CNN, "LSTM(50)": LSTM, "GPT-like, 12 layers": GPT}
