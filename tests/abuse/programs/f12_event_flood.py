# title: floods the event channel with valid events
# expect: toobig
import os, struct
import msgspec
body = msgspec.msgpack.encode({"type": "chunk", "storages": [{"size_bytes": 1, "device": "x" * 60000}]})
while True: os.write(3, struct.pack("<I", len(body)) + body)
