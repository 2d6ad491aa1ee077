# title: three gigabytes of shared anonymous memory, which a limit on private memory does not count
# expect: memory|error
import mmap
m = mmap.mmap(-1, 3 * 2**30)
for i in range(0, len(m), 4096): m[i] = 1
print("ESCAPED")
