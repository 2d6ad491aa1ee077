# title: memory bomb, tiny objects, then the handler needs memory too
# expect: memory
# time: 8
d = {}
i = 0
while True:
    d[i] = (i, str(i)); i += 1
