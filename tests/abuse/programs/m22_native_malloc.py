# title: malloc until it fails, through libc; then a Python list
# expect: memory|crash|timeout
# time: 8
import ctypes
lib = ctypes.CDLL(None); lib.malloc.restype = ctypes.c_void_p
n = 0
while p := lib.malloc(ctypes.c_size_t(10**6)):
    ctypes.memset(p, 1, 10**6); n += 1
    if n > 5000: print("ESCAPED")
x = [0] * 10**8
