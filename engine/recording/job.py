"""One job in this process: run the program under its wall-clock limit, send events, say how it ended."""

from __future__ import annotations

import builtins
import faulthandler
import os
import platform
import random
import signal
import sys
import threading
from collections.abc import Callable
from functools import partial
from types import FrameType

import numpy as np
import torch

from engine.codec import Job
from engine.events import Finished, Started
from engine.recording.output import Output
from engine.recording.recorder import record
from engine.recording.sending import Sender, Write
from engine.trace import Ending, Environment, Failure


class TimeLimit(BaseException):
    """The wall clock ran out; a BaseException, so that ``except Exception`` does not swallow it."""

    ending: Ending = "timeout"

    def __init__(self, message: str, line: int | None) -> None:
        super().__init__(message)
        self.line = line


OWN_FOLDER = os.path.dirname(os.path.abspath(__file__))
AGAIN_S, PATIENCE = 0.01, 50  # how soon the alarm rings again while the recorder is busy, and how often
BUILTINS = builtins.__dict__
Relief = tuple[Callable[[], object], ...]


def run_job(job: Job, write: Write, fault_fd: int | None = None, relief: Relief = ()) -> Finished:
    """Run and record ``job.program``; frames go to ``write``. Returns how it ended, sent already.

    ``relief`` is called, in order, as soon as the program has ended: a confined process gets back what
    it needs to tell its end.
    """
    output = Output(is_live=job.is_live)
    send = Sender(write, job.limits.value_bytes)
    seed(job)
    if job.program.device:
        os.environ["BACKSTEP_DEVICE"] = job.program.device
    if fault_fd is not None:
        _tell_faults(fault_fd)
    send(Started(environment(job.program.device or "cpu")))
    stop_clock = _start_clock(job.limits.time_s)
    kept: list[object] = []
    if relief:  # what the program made is not taken down piece by piece: that may take longer than the program
        relief = (*relief, lambda: kept.append(sys.modules["__main__"]), partial(BUILTINS.update, BUILTINS.copy()))
    try:
        try:
            finished = record(job.program, job.limits, send, output.printed, relief)
        finally:
            stop_clock()
    except TimeLimit as late:  # after the program's own end, while its last state was read
        failure = Failure(type="TimeLimit", message=str(late), line=late.line, phase="limit")
        finished = Finished(ending="timeout", failure=failure, exit_status=124)
    output.printed()
    send(finished)
    return finished


def environment(device: str = "cpu") -> Environment:
    """Versions and device of this process."""
    return Environment(platform.python_version(), str(torch.__version__), device, torch.get_num_threads())


def _tell_faults(descriptor: int) -> None:
    """Write the program's place to ``descriptor`` at a crash, and when the parent asks (SIGUSR1) before it kills."""
    if not faulthandler.is_enabled():  # else the user wants that on stderr
        faulthandler.enable(descriptor, all_threads=False)
    faulthandler.register(signal.SIGUSR1, descriptor, all_threads=False, chain=True)


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


def _start_clock(time_s: float) -> Callable[[], None]:
    """Raise TimeLimit in the program when the time is up; where there is no SIGALRM the parent kills.

    Not while the recorder writes something down: half a record would be the end of all that follow.
    """
    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        return lambda: None

    patience = iter(range(PATIENCE))

    def ring(number: int, at: FrameType | None) -> None:
        if _is_recording(at) and next(patience, None) is not None:
            signal.setitimer(signal.ITIMER_REAL, AGAIN_S)
            return
        raise TimeLimit(f"still running after {time_s:g} s", _program_line(at))

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, time_s)

    def stop() -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)

    return stop


def _is_recording(at: FrameType | None) -> bool:
    """Whether the innermost frame that is the program's or the recorder's is the recorder's."""
    program = getattr(sys.modules.get("__main__"), "__file__", None)
    while at is not None and at.f_code.co_filename != program:
        if at.f_code.co_filename.startswith(OWN_FOLDER):
            return True
        at = at.f_back
    return False


def _program_line(at: FrameType | None) -> int | None:
    main = sys.modules.get("__main__")
    filename = getattr(main, "__file__", None)
    while at is not None:
        if at.f_code.co_filename == filename:
            return at.f_lineno
        at = at.f_back
    return None
