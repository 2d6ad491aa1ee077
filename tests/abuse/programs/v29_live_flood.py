# title: tells without end what goes on, in small updates
# expect: toobig
import os, struct
import msgspec
def send(body):
    data = memoryview(struct.pack("<I", len(body)) + body)
    while data: data = data[os.write(3, data):]
i = 0
while True:
    send(msgspec.msgpack.encode({"type": "live", "blocks": [{"first": i, "times_s": [0.5] * 500, "losses": [1.0] * 500}]})); i += 500
