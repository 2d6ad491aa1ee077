# title: millions of ticks at once, a byte each
# expect: toobig
import os, struct
import msgspec
def send(body):
    data = memoryview(struct.pack("<I", len(body)) + body)
    while data: data = data[os.write(3, data):]
N = 7_000_000
send(b"\x82\xa4type\xa4live\xa6blocks\x91\x83\xa5first\x00\xa7times_s\xdd" + struct.pack(">I", N) + b"\x00" * N + b"\xa6losses\xdd" + struct.pack(">I", N) + b"\xc0" * N)
import time; time.sleep(60)
