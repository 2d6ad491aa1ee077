import torch
torch.manual_seed(0)
w = torch.randn(4, 2, requires_grad=True)
optimizer = torch.optim.Adam([w], lr=0.05)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 3)
for _ in range(7):
    loss = (w.exp() - 1).pow(2).mean()
    optimizer.zero_grad(set_to_none=False)
    loss.backward()
    torch.nn.utils.clip_grad_norm_([w], 0.5)
    optimizer.step()
    scheduler.step()
print(w, scheduler.get_last_lr())
