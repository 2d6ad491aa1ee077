import warnings

import torch

warnings.simplefilter("ignore")
a = torch.eye(3).to_sparse().requires_grad_()
torch.sparse.mm(a, torch.ones(3, 2, requires_grad=True)).sum().backward()
print(a.grad.layout, (torch.eye(3).to_sparse_csr() @ torch.ones(3, 1)).sum())
jagged = torch.nested.nested_tensor([torch.ones(2), torch.ones(3)], layout=torch.jagged, requires_grad=True)
(jagged * 2).values().sum().backward()
print(jagged.grad.values())
print((torch.nested.nested_tensor([torch.ones(2), torch.ones(3)]) * 2).is_nested)
print(torch.quantize_per_tensor(torch.arange(4.0), 0.1, 0, torch.qint8).dequantize())
z = torch.tensor([1 + 2j, 3 - 1j], requires_grad=True)
(z.conj() * z).real.sum().backward()
print(z.grad, z.imag.is_neg(), z.conj().imag.is_neg())
lazy = torch.nn.LazyLinear(3)
print(type(lazy.weight).__name__, lazy(torch.ones(2, 4)).shape)
with torch.inference_mode():
    frozen = torch.ones(3) * 2
print(frozen.is_inference(), torch.ones(2, device="meta", requires_grad=True).mul(2).sum().shape)
print(torch.tensor([1.0, 2.0]).to(torch.float8_e4m3fn).dtype, torch.tensor([1, 2], dtype=torch.uint16))
del a, jagged, z, lazy
