# title: memory runs out inside a with block (Python 3.11 may then spin for ever)
# expect: memory|timeout
# time: 8
class C:
    def __enter__(self): return self
    def __exit__(self, *a): return False
d = {}
i = 0
with C():
    while True:
        d[i] = (i, str(i)); i += 1
