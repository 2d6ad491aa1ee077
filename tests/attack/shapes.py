"""Recordings made to hurt whoever turns them into words and pictures, beside an honest visitor, in a classroom."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

from tests.attack.memory import left, rss_mb
from tests.attack.row import Row
from tests.e2e.serving import serve
from tests.load.visitor import VisitError, Visitor, visit

CLASSROOM = {"BACKSTEP_POLICY": "classroom"}
MOST_S = 30.0  # from Run to a picture or a sentence: ten seconds of the run, five of drawing, waits
MOST_BESIDE_S = 3.0
HONEST = "import torch\nx = torch.tensor(2.0, requires_grad=True)\n(x * x * {n}).backward()\nprint(x.grad)\n"

EMPTY = """import torch
x = torch.zeros(20_000_000, 0, requires_grad=True)
x.sum().backward()
print(x.grad.shape)
"""
DIMENSIONS = """import torch
x = torch.ones([1] * 60, requires_grad=True)
y = torch.zeros(0, 3, 10**15, requires_grad=True)
(x * 2).sum().backward()
y.sum().backward()
"""
LONG = """import torch
x = torch.tensor(1.0, requires_grad=True)
y = x
for _ in range(5_000):
    y = y * 1.0001
y.backward()
"""
FORGED = """import os, struct
import msgspec
N, R = {n}, {r}
V = {{"shape": {shape}, "dtype": "float32", "items": {items}}}
def send(event):
    body = msgspec.msgpack.encode(event)
    view = memoryview(struct.pack("<I", len(body)) + body)
    while view:
        view = view[os.write(3, view):]
T = {{"shape": {shape}, "dtype": "float32", "device": "cpu", "name": "x"}}
send({{"type": "chunk",
  "tensors": [{{**T, **({{"base": i - 1, "cut_from": i - 1}} if i else {{}})}} for i in range(N)],
  "nodes": [{{"name": "MulBackward0", "next_functions": [{{"node": i - 1}}] if i else [], "line": 1}} for i in range(N)],
  "runs": [{{"kind": "backward", "line": 1, "roots": [{{"tensor": N - 1, "node": N - 1, "value": V}}],
            "nodes": list(range(N)) if i == 0 else [], **({{"parent": i - 1}} if i else {{}})}} for i in range(R)],
  "steps": [{{"type": "run_started", "run": i}} for i in range(R)]
         + [{{"type": "node_ran", "run": 0, "node": i, "grad_outputs": [V], "grad_inputs": [V]}} for i in reversed(range(N))]}})
send({{"type": "finished", "ending": "ok"}})
os._exit(0)
"""
PROGRAMS = {
    "an honest torch.zeros(20_000_000, 0)": EMPTY,
    "honest shapes of 60 dimensions, and of (0, 3, 10**15)": DIMENSIONS,
    "an honest chain of 5,000 nodes": LONG,
    "a forged chain of 20,000 with 2,000 nested runs": FORGED.format(n=20_000, r=2_000, shape="[]", items="[1.0]"),
    "a forged chain of 2,000 of shape (1,) * 5,000": FORGED.format(n=2_000, r=1, shape="[1] * 5_000", items="[1.0]"),
    "a forged chain of shape (0, 10**15)": FORGED.format(n=2_000, r=1, shape="[0, 10**15]", items="[]"),
    "a forged chain of 60,000": FORGED.format(n=60_000, r=1, shape="[]", items="[1.0]"),
}


def rows() -> Iterator[Row]:
    with serve(environment=CLASSROOM) as server:
        server.wait_until_ready()
        with visit(server.url) as hostile, visit(server.url) as honest:
            for one in (hostile, honest):
                one.open()
            before = rss_mb(server)
            for number, (name, source) in enumerate(PROGRAMS.items()):
                yield from _row(name, source, number, hostile, honest)
        yield left(server, before)


def _row(name: str, source: str, number: int, hostile: Visitor, honest: Visitor) -> Iterator[Row]:
    seconds, told = 0.0, ""

    def attack() -> None:
        nonlocal seconds, told
        try:
            seconds = hostile.run(source)
            told = "a picture" if "<svg" in hostile.text else "a sentence"
        except (VisitError, TimeoutError) as error:
            told = f"{type(error).__name__}: {error}"

    thread = threading.Thread(target=attack)
    thread.start()
    beside = []
    while thread.is_alive() or not beside:
        beside.append(honest.run(HONEST.format(n=1000 * number + len(beside))))
        time.sleep(0.3)
    thread.join()
    is_told = told in ("a picture", "a sentence") and seconds <= MOST_S
    yield Row(name, f"a picture or a sentence in {MOST_S:g} s", f"{told}, {seconds:.1f} s", is_told)
    slowest = max(beside)
    yield Row(
        "   an honest visitor beside it", f"{MOST_BESIDE_S:g} s", f"{slowest:.2f} s at most", slowest <= MOST_BESIDE_S
    )
