# title: makes the recorder's channel one that does not wait, then says much
# expect: ok
import fcntl, os, torch
fcntl.fcntl(3, fcntl.F_SETFL, os.O_NONBLOCK)
w = torch.ones(1000, requires_grad=True)
y = w
for _ in range(300):
    y = y * 1.0001
y.sum().backward()
