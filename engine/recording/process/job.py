"""One job in this process: run the program under its wall-clock limit, send events, say how it ended."""

from __future__ import annotations

import faulthandler
import os
import platform
import random
import signal
import sys
import tempfile
from collections.abc import Callable

import numpy as np
import torch

from engine.contract.codec import Job
from engine.contract.endings import BROKEN
from engine.contract.events import Finished, Started
from engine.contract.trace import Environment, Failure
from engine.recording.process.sending import Sender, Write
from engine.recording.program import tracebacks
from engine.recording.program.clock import Clock, TimeLimit
from engine.recording.program.failure import broken
from engine.recording.program.giving_back import Kept, Steps
from engine.recording.program.mailbox import Mailbox
from engine.recording.program.main_module import path_of
from engine.recording.program.output import Output
from engine.recording.recorder import record

KEPT = Kept()
write_now = os.write  # a program may replace that of the module
Relief = tuple[Callable[[], object], ...]


def begun(
    job: Job, write: Write, fault_fd: int | None = None, mailbox: Mailbox | None = None, relief: Relief = ()
) -> Callable[[], Finished]:
    """Make this process ready for ``job.program``; what comes back, called, runs and records it and says how it ended.

    Frames go to ``write``. The end is sent already where the program has left a way: else it has the exit status
    BROKEN, which says it as well. ``relief`` is called, in order, as soon as the program has ended: a confined process
    gets back what it needs to tell its end.
    """
    output = Output(is_live=job.is_live)
    held = job.confinement
    send = Sender(write, job.limits.value_bytes, held.frame_bytes if held is not None else None)
    seed(job)
    if job.folder:
        os.chdir(job.folder)
        os.environ["TMPDIR"] = tempfile.tempdir = job.folder
    if job.program.device:
        os.environ["BACKSTEP_DEVICE"] = job.program.device
    if fault_fd is not None:
        _tell_faults(fault_fd)
    send(Started(environment(job.program.device or "cpu")))
    clock = Clock(mailbox)
    clock.limit(job.limits.time_s)
    if relief:  # what the program made is not taken down piece by piece: that may take longer than the program
        kept: list[object] = []
        relief = (*relief, lambda: kept.append(sys.modules["__main__"]))
    return lambda: _ended(job, send, output, clock, relief, fault_fd)


def _ended(job: Job, send: Sender, output: Output, clock: Clock, relief: Relief, fault_fd: int | None) -> Finished:
    """The end, sent; of a program that has left no way to send it, by the crash report's pipe and the exit status."""
    steps = Steps(KEPT)
    try:
        finished = _recorded(job, send, output, clock, relief, steps)
        steps.do(output.printed, 0)
        if steps.do(lambda: _is_sent(send, finished), False):
            return finished
        line = finished.failure.line if finished.failure is not None else steps.line
    except BaseException as fault:  # noqa: BLE001 - nothing but the program makes the last work fail
        KEPT.put_back()
        line = tracebacks.line_below(fault, path_of(job.program))
    _tell_line(fault_fd, job.program.filename, line)
    return Finished("error", broken(line), exit_status=BROKEN)


def _recorded(job: Job, send: Sender, output: Output, clock: Clock, relief: Relief, steps: Steps) -> Finished:
    try:
        try:
            return record(job.program, job.limits, send, output.printed, clock, relief, steps)
        finally:
            steps.do(clock.stop, None)
    except TimeLimit as late:  # after the program's own end, while its last state was read
        failure = Failure(type="TimeLimit", message=str(late), line=late.line, phase="limit")
        return Finished(ending="timeout", failure=failure, exit_status=124)


def _is_sent(send: Sender, finished: Finished) -> bool:
    send(finished)
    return True


def _tell_line(fault_fd: int | None, filename: str, line: int | None) -> None:
    """On the crash report's pipe, as faulthandler would: the events' is closed."""
    if fault_fd is not None and line is not None:
        text = f'  File "{os.path.basename(filename)}", line {line} in <module>\n'
        write_now(fault_fd, text.encode("ascii", "backslashreplace"))


def environment(device: str = "cpu") -> Environment:
    """Versions and device of this process."""
    return Environment(platform.python_version(), str(torch.__version__), device, torch.get_num_threads())


def _tell_faults(descriptor: int) -> None:
    """Write the program's place to ``descriptor`` at a crash, and when the parent asks (SIGUSR1) before it kills."""
    if not faulthandler.is_enabled():  # else the user wants that on stderr
        faulthandler.enable(descriptor, all_threads=False)
    for number in (signal.SIGUSR1, getattr(signal, "SIGSYS", None)):  # SIGSYS: see engine.sandbox.seccomp
        if number is not None:
            faulthandler.register(number, descriptor, all_threads=False, chain=True)


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
