"""Dense graphs: five visitors whose pictures nobody can draw in time, beside one who runs small programs."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

from graphviz_tools.render.layout import LINGER_S, TIME_LIMIT_S, Layout, LayoutError
from tests.attack.row import Row
from tests.e2e.serving import Server, serve
from tests.load.load import p
from tests.load.visitor import VisitError, visit

N_HOSTILE = 5
N_ROUNDS = 30  # of the honest visitor
WANTED_S = 3.0
HONEST = "import torch\nx = torch.tensor([{n}., 2.], requires_grad=True)\n(x * x).sum().backward()\n# {own}\n"
DENSE = (
    "import torch\nlayer = [torch.ones(1, requires_grad=True) for _ in range({few})]\nfor k in range(2):\n"
    "    layer = [sum((a * b for b in layer), start=a) for a in layer]\nsum(layer).backward()\n# {own}\n",
    "import torch\nlayer = [torch.ones(1, requires_grad=True) for _ in range({many})]\nfor k in range(3):\n"
    "    layer = [torch.cat(layer).sum(0, keepdim=True) for _ in layer]\ntorch.cat(layer).sum().backward()\n# {own}\n",
    "import torch\nouts = [torch.ones(1, requires_grad=True)]\nfor k in range({many}):\n"
    "    outs.append(torch.cat(outs).sum(0, keepdim=True))\nouts[-1].backward()\n# {own}\n",
    "import random, torch\nrandom.seed({own})\nouts = [torch.ones(1, requires_grad=True)]\nfor k in range(3 * {few}):\n"
    "    outs.append(torch.cat(random.sample(outs, min(len(outs), 3))).sum(0, keepdim=True))\n"
    "torch.cat(outs[-9:]).sum().backward()\n",
    "import torch\nx = torch.ones(1, requires_grad=True)\ny = torch.cat([x * 2] * {many}00)\ny.sum().backward()\n# {own}\n",
)


def rows() -> Iterator[Row]:
    """Seconds from Run to the picture, and what the others saw; before that, the layout processes alone."""
    alone, beside, n_late = _layout_alone()
    yield Row("a small graph, nobody else", "", _told(alone), True)
    yield Row(
        f"beside five that take {TIME_LIMIT_S:g} s each time",
        f"p95 under {WANTED_S:g} s",
        _told(beside),
        p(95, beside) < WANTED_S,
    )
    yield Row("graphs of those five that were stopped", "some", str(n_late), n_late > 0)
    seconds = _after_sigkill()
    yield Row(
        "a layout whose server got SIGKILL goes on for",
        f"{TIME_LIMIT_S + LINGER_S:g} s",
        f"{seconds:.1f} s",
        seconds < TIME_LIMIT_S + LINGER_S + 0.5,
    )
    yield from _through_a_server()


def _after_sigkill() -> float:
    """Seconds from the end of a process that had graphs laid out to the end of its children."""
    code = "import tests.attack.layouts as own; own.lay_out_a_tangle()"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        server.stdout.readline()  # it has begun
        children = _layout_processes(server.pid)
        time.sleep(0.5)  # and is inside Graphviz
        server.kill()
        began = time.monotonic()
    while any(map(_is_there, children)) and time.monotonic() - began < 60:
        time.sleep(0.02)
    return time.monotonic() - began if children else 60.0


def lay_out_a_tangle() -> None:
    """What is killed by :func:`_after_sigkill`."""
    layout = Layout()
    layout.warm()
    print("begins", flush=True)
    layout.svg(_tangle("left behind"))


def _layout_alone() -> tuple[list[float], list[float], int]:
    """Seconds of small graphs alone, beside hostile ones, and how many of those were stopped."""
    layout, stop, late = Layout(), threading.Event(), Counter[str]()
    layout.warm()

    def small(n: int) -> float:
        began = time.perf_counter()
        layout.of("honest").svg(f"digraph {{ a -> b{n}; b{n} -> c }}")
        return time.perf_counter() - began

    def harm(name: str) -> None:
        for n in count():
            if stop.is_set():
                return
            try:
                layout.of(name).svg(_tangle(f"{name} {n}"))
            except LayoutError:  # at its time limit, or at the limit on memory before
                late[name] += 1

    alone = [small(n) for n in range(N_ROUNDS)]
    threads = [threading.Thread(target=harm, args=(f"hostile {n}",)) for n in range(N_HOSTILE)]
    for thread in threads:
        thread.start()
    beside = []
    for n in range(N_ROUNDS):
        time.sleep(0.3)
        beside.append(small(N_ROUNDS + n))
    stop.set()
    for thread in threads:
        thread.join(60)
    layout.close()
    return alone, beside, late.total()


def _tangle(name: str) -> str:
    edges = "".join(f"n{i} -> n{(i * 7 + j * j) % 1500};" for i in range(1500) for j in range(1, 9))
    return f'digraph "{name}" {{ nslimit=100; {edges} }}'


def _through_a_server() -> Iterator[Row]:
    with serve(environment={"BACKSTEP_POLICY": "classroom"}) as server:
        server.wait_until_ready()
        alone, beside, seen = _measured(server)
        left = _layout_processes(server.pid)
        yield Row("an honest visitor alone: Run to picture", "", _told(alone), True)
        yield Row(
            "beside five whose graphs are too dense",
            f"p95 under {WANTED_S:g} s",
            _told(beside),
            p(95, beside) < WANTED_S,
        )
        told = ", ".join(f"{n} {what}" for what, n in sorted(seen.items()))
        yield Row("what those five saw", "an answer each time", told, bool(seen) and not seen["nothing"])
        yield Row("layout processes afterwards", "at most 2", str(len(left)), len(left) <= 2)
    began = time.monotonic()
    while any(_is_there(pid) for pid in left) and time.monotonic() - began < 10:
        time.sleep(0.05)
    n = sum(map(_is_there, left))
    yield Row("layout processes after the server's end", "none", str(n), n == 0)


def _measured(server: Server) -> tuple[list[float], list[float], Counter[str]]:
    chance, stop, seen = random.Random(9), threading.Event(), Counter[str]()
    with ExitStack() as stack:
        honest = stack.enter_context(visit(server.url))
        honest.open()
        alone = [honest.run(_honest(chance)) for _ in range(N_ROUNDS // 3)]
        threads = [
            threading.Thread(target=_harm, args=(server, random.Random(n), stop, seen)) for n in range(N_HOSTILE)
        ]
        for thread in threads:
            thread.start()
        while sum(seen.values()) < N_HOSTILE and any(thread.is_alive() for thread in threads):
            time.sleep(0.1)  # until they are at it
        beside = []
        for _ in range(N_ROUNDS):
            beside.append(honest.run(_honest(chance)))
            time.sleep(chance.uniform(0.2, 1.0))  # reads
        stop.set()
        for thread in threads:
            thread.join(120)
    return alone, beside, seen


def _harm(server: Server, chance: random.Random, stop: threading.Event, seen: Counter[str]) -> None:
    with visit(server.url) as visitor:
        visitor.open()
        while not stop.is_set():
            source = chance.choice(DENSE).format(
                few=chance.randint(40, 60), many=chance.randint(50, 95), own=chance.random()
            )
            try:
                visitor.run(source)
                seen[_kind(json.loads(visitor.text))] += 1
            except (VisitError, TimeoutError):
                seen["nothing"] += 1
                return


def _kind(payload: dict) -> str:
    if payload.get("svg"):
        return (
            "simplified"
            if any("very many arrows" in n or "too dense" in n for n in payload.get("notices", ()))
            else "drawn"
        )
    return "tables" if payload.get("vertices") else "without a graph"


def _honest(chance: random.Random) -> str:
    return HONEST.format(n=chance.randint(1, 9), own=chance.random())


def _told(times: list[float]) -> str:
    return f"p50 {p(50, times):.2f} s, p95 {p(95, times):.2f}, worst {max(times):.2f}"


def _layout_processes(server: int) -> list[int]:
    children = [path.name for path in Path("/proc").iterdir() if path.name.isdigit() and _parent(path) == server]
    return [
        int(name)
        for name in children
        if b"graphviz_tools.render.graphviz_worker" in _read(Path("/proc", name, "cmdline"))
    ]


def _parent(process: Path) -> int:
    fields = _read(process / "stat").rpartition(b")")[2].split()
    return int(fields[1]) if fields else 0


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""  # it has ended


def _is_there(pid: int) -> bool:
    """Whether it runs; one that has ended and was not fetched by its parent yet does not."""
    fields = _read(Path(f"/proc/{pid}/stat")).rpartition(b")")[2].split()
    return bool(fields) and fields[0] != b"Z"
