# title: asks torch for 512 threads
# expect: ok
import torch
torch.set_num_threads(512)
a = torch.randn(600, 600, requires_grad=True)
(a @ a).relu().sum().backward(); torch.sort(torch.randn(10**5))
print("done", torch.get_num_threads())
