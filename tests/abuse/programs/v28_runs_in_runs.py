# title: 2,000 runs inside each other, each with every node
# expect: sandbox
import os, struct
import msgspec
def send(body):
    data = memoryview(struct.pack("<I", len(body)) + body)
    while data: data = data[os.write(3, data):]
N = 5_000
nodes = [{"name": "MulBackward0", "next_functions": [{"node": i - 1}] if i else []} for i in range(N)]
send(msgspec.msgpack.encode({"type": "chunk", "nodes": nodes}))
for i in range(2_000):
    send(msgspec.msgpack.encode({"type": "chunk", "runs": [{"kind": "backward", "line": 1, "nodes": list(range(N)), **({"parent": i - 1} if i else {})}]}))
import time; time.sleep(60)
