# title: announces four gigabytes
# expect: sandbox|toobig
import os, struct
os.write(3, struct.pack("<I", 2**32 - 1))
while True: os.write(3, b"x" * 60000)
