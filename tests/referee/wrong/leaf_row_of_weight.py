import torch

torch.manual_seed(0)
emb = torch.nn.Embedding(4, 2)
try:
    emb.weight[0].zero_()
except RuntimeError as error:
    print(error)
with torch.no_grad():
    emb.weight[0].zero_()
print(emb(torch.tensor([0])))

# expect: leaf-inplace line=6
