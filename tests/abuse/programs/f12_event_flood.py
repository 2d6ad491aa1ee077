# title: floods the event channel with valid events
# expect: toobig
import os, struct
import msgspec
body = msgspec.msgpack.encode({"type": "chunk", "names": [[0, "x" * 60000]]})
while True: os.write(3, struct.pack("<I", len(body)) + body)
