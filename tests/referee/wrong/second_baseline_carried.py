import torch

torch.manual_seed(0)
pi = torch.nn.Linear(2, 2)
opt = torch.optim.Adam(pi.parameters())
baseline = 0.0
for _ in range(4):
    logp = torch.log_softmax(pi(torch.ones(1, 2)), -1)[0, 0]
    r = torch.sigmoid(logp)
    loss = -(r - baseline) * logp
    opt.zero_grad()
    loss.backward()
    opt.step()
    baseline = 0.9 * baseline + 0.1 * r

# expect: second-backward line=12|14
