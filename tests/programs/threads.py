import threading
import torch
x = torch.ones(2, requires_grad=True)
def work(k):
    (x * k).sum().backward()
for k in (1, 2):
    thread = threading.Thread(target=work, args=(k,))
    thread.start()
    thread.join()
print(x.grad)
