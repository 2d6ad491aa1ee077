"""The processes below a server, by what they do (Linux)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ZYGOTE = "engine.recording.process.zygote"
WORKERS = {"layout": "graphviz_tools.render.graphviz_worker", "drawing": "graphviz_tools.drawing.worker"}
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Process:
    pid: int
    parent: int
    state: str
    cpu_s: float
    command: str


def processes() -> dict[int, Process]:
    """All there are, zombies left out."""
    found: dict[int, Process] = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            fields = Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()
            command = Path(f"/proc/{name}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue  # it has ended
        if fields[0] not in "ZX":
            cpu_s = (int(fields[11]) + int(fields[12])) / TICKS
            found[int(name)] = Process(int(name), int(fields[1]), fields[0], cpu_s, command)
    return found


def below(server: int) -> list[Process]:
    """Every descendant of ``server``."""
    there, found = processes(), {server}
    while more := {one.pid for one in there.values() if one.parent in found} - found:
        found |= more
    return [there[pid] for pid in found - {server} if pid in there]


def victim(server: int, kind: str) -> Process | None:
    """The server's process of that kind; of several programs the last."""
    there = below(server)
    zygotes = [one for one in there if ZYGOTE in one.command and one.parent == server]
    if kind == "zygote":
        return zygotes[0] if zygotes else None
    if kind in WORKERS:
        return next((one for one in there if WORKERS[kind] in one.command), None)
    children = sorted((one for one in there if zygotes and one.parent == zygotes[0].pid), key=lambda one: one.pid)
    if kind == "standby":
        return children[0] if children else None
    return children[-1] if len(children) > 1 else None


def until(claim: Callable[[], object], timeout_s: float = 20.0) -> bool:
    """Whether ``claim`` came true in time."""
    deadline = time.monotonic() + timeout_s
    while not claim():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
