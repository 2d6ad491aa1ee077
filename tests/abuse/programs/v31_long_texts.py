# title: names of megabytes
# expect: toobig|sandbox
import os, struct
import msgspec
def send(body):
    data = memoryview(struct.pack("<I", len(body)) + body)
    while data: data = data[os.write(3, data):]
for i in range(100):
    send(msgspec.msgpack.encode({"type": "chunk", "storages": [{"size_bytes": 1, "device": chr(128512) + "x" * 3_000_000}]}))
