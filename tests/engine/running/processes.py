"""What the tests of running programs share."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from engine.contract.trace import Limits, Program, Trace
from engine.running import Runner, run

HELLO = """import torch
x = torch.tensor([2., 3.], requires_grad=True)
(x * x).sum().backward()
print(x.grad)
"""


def trace_of(runner: Runner, source: str, time_s: float = 20) -> Trace:
    return run(runner, Program(source), Limits(time_s=time_s))


def comes_true(claim: Callable[[], bool], timeout_s: float, every_s: float = 0.02) -> bool:
    """Whether ``claim`` holds before the time is up, looking so often."""
    deadline = time.monotonic() + timeout_s
    while not claim():
        if time.monotonic() > deadline:
            return False
        time.sleep(every_s)
    return True


def is_gone(pid: int) -> bool:
    """Whether the process ends within 10 s; one that waits to be reaped has ended."""
    return comes_true(lambda: not _runs(pid), 10)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return not Path(f"/proc/{pid}/stat").read_text().split(") ")[1].startswith("Z")
    except (ProcessLookupError, FileNotFoundError):
        return False
