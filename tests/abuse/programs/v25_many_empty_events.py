# title: events with nothing in them, as many as it can
# expect: toobig
import os, struct
import msgspec
def send(body):
    data = memoryview(struct.pack("<I", len(body)) + body)
    while data: data = data[os.write(3, data):]
body = msgspec.msgpack.encode({"type": "chunk"})
data = (struct.pack("<I", len(body)) + body) * 4_000
while True: os.write(3, data)
