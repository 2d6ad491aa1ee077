"""One job in this process: run the program under its wall-clock limit, send events, say how it ended."""

from __future__ import annotations

import faulthandler
import os
import platform
import random
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

import numpy as np
import torch

from engine.codec import Job, frame
from engine.events import ChildEvent, Finished, Started
from engine.recording.output import Output
from engine.recording.recorder import record
from engine.trace import Ending, Environment

Send = Callable[[bytes], None]


class TimeLimit(BaseException):
    """The wall clock ran out; a BaseException, so that ``except Exception`` does not swallow it."""

    ending: Ending = "timeout"

    def __init__(self, message: str, line: int | None) -> None:
        super().__init__(message)
        self.line = line


def run_job(job: Job, send: Send, fault_fd: int | None = None) -> int:
    """Run and record ``job.program``; frames go to ``send``. Returns the exit status for this process."""
    output = Output()
    seed(job)
    if job.program.device:
        os.environ["BACKSTEP_DEVICE"] = job.program.device
    if fault_fd is not None:
        faulthandler.enable(fault_fd, all_threads=False)
    _send(send, Started(environment()))
    stop_clock = _start_clock(job.limits.time_s)
    try:
        finished = record(job.program, job.limits, lambda chunk: _send(send, chunk), output.printed)
    except TimeLimit as late:  # between the program's end and the clock's
        finished = Finished(ending="timeout", exit_status=124)
        del late
    finally:
        stop_clock()
    output.printed()
    _send(send, finished)
    return finished.exit_status


def environment() -> Environment:
    """Versions and device of this process."""
    return Environment(platform.python_version(), str(torch.__version__), "cpu", torch.get_num_threads())


def seed(job: Job) -> None:
    """The program's seed, or fresh entropy in a process that was forked: all forks share a generator."""
    number = job.program.seed
    if number is not None:
        torch.manual_seed(number)
        np.random.seed(number % 2**32)
        random.seed(number)
    elif job.reseed:
        torch.seed()
        np.random.seed()
        random.seed()


def _send(send: Send, event: ChildEvent) -> None:
    send(frame(event))


def _start_clock(time_s: float) -> Callable[[], None]:
    """Raise TimeLimit in the program when the time is up; where there is no SIGALRM the parent kills."""
    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        return lambda: None

    def ring(number: int, at: FrameType | None) -> None:
        raise TimeLimit(f"stopped after {time_s:g} s", _program_line(at))

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, time_s)

    def stop() -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)

    return stop


def _program_line(at: FrameType | None) -> int | None:
    main = sys.modules.get("__main__")
    filename = getattr(main, "__file__", None)
    while at is not None:
        if at.f_code.co_filename == filename:
            return at.f_lineno
        at = at.f_back
    return None
