import torch
import torch.autograd.forward_ad as forward_ad

torch.manual_seed(0)
x = torch.randn(3, requires_grad=True)
net = torch.nn.Linear(3, 2)
parts = dict(net.named_parameters())
with forward_ad.dual_level():
    dual = forward_ad.make_dual(x, torch.ones(3))
    other = forward_ad.make_dual(torch.randn(3), torch.zeros(3))
    nothing = torch._efficientzerotensor(3)
    y = (dual * other + nothing).sum()
    print(forward_ad.unpack_dual(y).tangent)
    for name, part in parts.items():
        delattr(net, name)
        setattr(net, name, forward_ad.make_dual(part, torch.ones_like(part)))
    out = net(x.detach())
    print(forward_ad.unpack_dual(out).tangent)
    y.backward()
print(x.grad)
