# title: a loss curve for every number there is
# expect: sandbox|toobig
import os, struct
import msgspec
def send(body):
    data = memoryview(struct.pack("<I", len(body)) + body)
    while data: data = data[os.write(3, data):]
import time
i = 0
while True:
    lines = [[n, i + n] for n in range(500)]
    send(msgspec.msgpack.encode({"type": "live", "blocks": [{"first": i, "times_s": [0.5] * 500, "losses": [1.0] * 500, "lines": lines}]})); i += 500; time.sleep(0.05)
