# title: valid events that point at tensors, nodes and calls that do not exist
# expect: ok|sandbox
import os, struct
import msgspec
body = msgspec.msgpack.encode({"type": "chunk", "names": [[10**9, "x"], [-5, "y"]],
    "nodes": [{"name": "MulBackward0", "next_functions": [{"node": 10**9}], "variable": 77}],
    "runs": [{"kind": "backward", "line": 1, "nodes": [5, 6, -1], "roots": [{"tensor": 9, "node": 9}]}],
    "steps": [{"type": "called", "call": 4}, {"type": "node_ran", "run": 3, "node": 8, "grad_outputs": []}]})
os.write(3, struct.pack("<I", len(body)) + body)
