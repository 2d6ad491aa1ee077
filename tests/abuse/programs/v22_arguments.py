# title: millions of empty arguments, a byte each
# expect: toobig
import os, struct
import msgspec
def send(body):
    data = memoryview(struct.pack("<I", len(body)) + body)
    while data: data = data[os.write(3, data):]
N = 15_000_000
send(b"\x82\xa4type\xa5chunk\xa6raised\x91\x86\xa8function\xa1f\xa4type\xa1E\xa7message\xa1m\xa4line\x01\xa4step\x00\xa6inputs\xdd" + struct.pack(">I", N) + b"\x80" * N)
import time; time.sleep(60)
