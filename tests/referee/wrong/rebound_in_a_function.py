import torch


def sgd(w, lr, n):
    for _ in range(n):
        loss = (w - 2).pow(2).sum()
        loss.backward()
        w = w - lr * w.grad
    return w


def main():
    w0 = torch.zeros(3, requires_grad=True)
    print(sgd(w0, 0.1, 3))


main()

# expect: rebound-leaf line=8 tensor=w
