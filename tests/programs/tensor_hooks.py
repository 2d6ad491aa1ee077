import torch
x = torch.ones(3, requires_grad=True)
y = x * 2
handle = y.register_hook(lambda g: print("arrives", g) or g * 10)
x.register_post_accumulate_grad_hook(lambda p: print("accumulated", p.grad))
y.sum().backward()
handle.remove()
print(x.grad)
