import torch

torch.manual_seed(0)
batches = [torch.randn(8, 3) for _ in range(3)]
buffer = torch.zeros(8, 3)
model = torch.nn.Linear(3, 1)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for i, batch in enumerate(batches):
    buffer.data.copy_(batch)
    loss = model(buffer).pow(2).mean()
    if i + 1 < len(batches):
        buffer.data.copy_(batches[i + 1])
    opt.zero_grad()
    loss.backward()
    opt.step()
    print(f"{loss.item():.4f}")

# expect: silent-wrong-gradient line=12 tensor=buffer
