# title: nodes, views and runs that lead back to themselves
# expect: sandbox
import os, struct
import msgspec
def send(body):
    data = memoryview(struct.pack("<I", len(body)) + body)
    while data: data = data[os.write(3, data):]
which = [
    {"tensors": [{"shape": [], "dtype": "float32", "device": "cpu", "base": 1}, {"shape": [], "dtype": "float32", "device": "cpu", "base": 0}]},
    {"nodes": [{"name": "A", "next_functions": [{"node": 1}]}, {"name": "B", "next_functions": [{"node": 0}]}]},
    {"runs": [{"kind": "backward", "line": 1, "parent": 0}]},
][os.getpid() % 3]
send(msgspec.msgpack.encode({"type": "chunk", **which}))
send(msgspec.msgpack.encode({"type": "finished", "ending": "ok"}))
import time; time.sleep(60)
