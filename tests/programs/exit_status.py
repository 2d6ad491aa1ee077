import sys, torch
x = torch.ones(1, requires_grad=True)
x.backward()
print("bye")
sys.exit(3)
