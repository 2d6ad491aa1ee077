# title: shapes of 5,000 dimensions, kept indices of the same length
# expect: sandbox
import os, struct
import msgspec
def send(body):
    data = memoryview(struct.pack("<I", len(body)) + body)
    while data: data = data[os.write(3, data):]
shape = [1] * 5_000
value = {"shape": shape, "dtype": "float32", "items": [1.0], "kept": [[0]] * 5_000}
send(msgspec.msgpack.encode({"type": "chunk", "tensors": [{"shape": shape, "dtype": "float32", "device": "cpu"}]}))
send(msgspec.msgpack.encode({"type": "finished", "ending": "ok", "leaves": [{"name": "w", "tensor": 0, "shape": shape, "dtype": "float32", "grad": value}]}))
import time; time.sleep(60)
