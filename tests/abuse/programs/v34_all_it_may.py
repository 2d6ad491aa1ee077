# title: a recording as large as it may be, of valid rows, to be kept in the server
# expect: ok|sandbox|toobig|vanished
import os, struct
import msgspec
def send(body):
    data = memoryview(struct.pack("<I", len(body)) + body)
    while data: data = data[os.write(3, data):]
for i in range(90):
    tensors = [{"shape": [2, 3], "dtype": "x" * 60, "device": "y" * 60, "strides": [300, 1000], "line": 5000} for _ in range(1_000)]
    send(msgspec.msgpack.encode({"type": "chunk", "tensors": tensors}))
