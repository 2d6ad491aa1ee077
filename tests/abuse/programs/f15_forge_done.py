# title: claims that it has finished well, then goes on for ever
# expect: timeout
import os, struct
import msgspec
body = msgspec.msgpack.encode({"type": "finished", "ending": "ok"})
os.write(3, struct.pack("<I", len(body)) + body)
while True: pass
