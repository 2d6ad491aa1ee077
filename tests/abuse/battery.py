"""Running hostile programs through the real runner, an honest neighbour beside them."""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from engine.contract.policy import limits_of
from engine.contract.trace import Limits, Program, Trace
from engine.running import Runner, run
from tests.abuse.leftovers import left, look
from tests.abuse.program import Hostile

TIME_S = 2.5
LATE_S = 4.0  # beyond the time limit, before a run counts as late: the grace, a busy machine
N_SLOTS = 3
HONEST = """import torch
w = torch.tensor([2., 3.], requires_grad=True)
(w * w).sum().backward()
print(w.grad)
"""
RIGHT = ("ok", "tensor([4., 6.])\n", (4.0, 6.0))
CANARY = Path("/var/tmp/backstep-canary")


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    program: Hostile
    got: str
    seconds: float
    complaints: list[str] = field(default_factory=list)


def limits(time_s: float = TIME_S) -> Limits:
    return msgspec.structs.replace(limits_of("classroom"), time_s=time_s)


def run_battery(hostile: Iterable[Hostile], tell: Callable[[Row], None] = lambda row: None) -> list[str]:
    """Run them all, two at a time; what is wrong with the whole: neighbours, leftovers, the server."""
    with Runner(policy="classroom", n_slots=N_SLOTS) as runner, canaries() as touched:
        complaints = _wrong(run(runner, Program(HONEST), limits(20), "first"))
        zygote: Any = runner._backend
        before = look(zygote._process.pid)
        pid = zygote._process.pid
        with neighbour(runner) as harmed, ThreadPoolExecutor(2) as pool:
            for row in pool.map(lambda one: judged(runner, one), hostile):
                tell(row)
                complaints += [f"{row.program.name}: {what}" for what in row.complaints]
        complaints += [f"the neighbour: {what}" for what in harmed]
        complaints += _wrong(run(runner, Program(HONEST), limits(20), "last"))
        if zygote._process.pid != pid:
            complaints.append("the zygote was replaced")
        complaints += [f"left behind: {what}" for what in _settled(before, pid)]
        complaints += touched()
    return complaints


def judged(runner: Runner, hostile: Hostile) -> Row:
    """Run one and compare it with its header."""
    time_s = hostile.time_s or TIME_S
    started = time.monotonic()
    trace = run(runner, Program(hostile.source), limits(time_s), run_id=hostile.name)
    seconds = time.monotonic() - started
    late = [f"took {seconds:.1f} s"] if seconds > time_s + LATE_S else []
    return Row(hostile, trace.ending, seconds, hostile.complaints(trace) + late)


@contextmanager
def neighbour(runner: Runner) -> Iterator[list[str]]:
    """Someone honest who runs the same small program again and again; what was wrong with the answers."""
    complaints: list[str] = []
    is_over = threading.Event()

    def work() -> None:
        while not is_over.wait(0.05):
            complaints.extend(_wrong(run(runner, Program(HONEST), limits(20), "neighbour")))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield complaints
    finally:
        is_over.set()
        thread.join()


@contextmanager
def canaries() -> Iterator[Callable[[], list[str]]]:
    """Files that no program may read or change; a call tells which were."""
    with open(CANARY.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another battery beside this one has the same canaries
        yield from _canaries(CANARY.with_suffix(".txt"), CANARY)


def _canaries(file: Path, folder: Path) -> Iterator[Callable[[], list[str]]]:
    folder.mkdir(exist_ok=True)
    file.write_text("SECRET")
    as_made = (file.stat().st_mode, file.stat().st_mtime_ns, folder.stat().st_mode)

    def touched() -> list[str]:
        now = (file.stat().st_mode, file.stat().st_mtime_ns, folder.stat().st_mode)
        is_same = now == as_made and file.read_text() == "SECRET" and not list(folder.iterdir())
        return [] if is_same else ["a canary was changed"]

    try:
        yield touched
    finally:
        file.unlink(missing_ok=True)
        for one in folder.iterdir():
            one.unlink()
        folder.rmdir()


def _wrong(trace: Trace) -> list[str]:
    grad = trace.leaves[0].grad if trace.leaves else None
    got = (trace.ending, trace.stdout, grad.items if grad is not None else ())
    return [] if got == RIGHT else [f"an honest run gave {got}, {trace.failure}"]


def _settled(before: Any, zygote: int) -> list[str]:
    """What is left once the last threads have closed their pipes."""
    for _ in range(100):
        if not left(before, look(zygote)):
            return []
        time.sleep(0.05)
    return left(before, look(zygote))
