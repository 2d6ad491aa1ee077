import torch
变量 = torch.tensor([1.0], requires_grad=True)
结果 = (变量 * 3).sum()
结果.backward()
print("🎉 <script>alert('x')</script> \"quoted\" \\ ", 变量.grad)
print("no newline at the end", end="")
