# title: claims its end, then goes on with a chunk, another end and a start
# expect: sandbox
import os, struct
import msgspec
def send(body):
    data = memoryview(struct.pack("<I", len(body)) + body)
    while data: data = data[os.write(3, data):]
for body in ({"type": "finished", "ending": "ok"}, {"type": "chunk"}, {"type": "finished", "ending": "exit"}):
    send(msgspec.msgpack.encode(body))
send(msgspec.msgpack.encode({"type": "started", "environment": {"python": "3", "torch": "2"}}))
import time; time.sleep(60)
