# title: writes over the interpreter's own memory
# expect: crash|timeout|vanished|error|ok
import ctypes
for i in range(2000): ctypes.memset(id(None) + 16 * i, 0xFF, 16)
print(None)
