"""One job in this process: run the program under its wall-clock limit, send events, say how it ended."""

from __future__ import annotations

import builtins
import faulthandler
import os
import platform
import random
import signal
import sys
import tempfile
from collections.abc import Callable
from functools import partial

import numpy as np
import torch

from engine.codec import Job
from engine.events import Finished, Started
from engine.recording.clock import Clock, TimeLimit
from engine.recording.mailbox import Mailbox
from engine.recording.output import Output
from engine.recording.recorder import record
from engine.recording.sending import Sender, Write
from engine.trace import Environment, Failure

BUILTINS = builtins.__dict__
Relief = tuple[Callable[[], object], ...]


def run_job(job: Job, write: Write, fault_fd: int | None = None, mailbox: Mailbox | None = None,
            relief: Relief = ()) -> Finished:  # fmt: skip
    """Run and record ``job.program``; frames go to ``write``. Returns how it ended, sent already.

    ``relief`` is called, in order, as soon as the program has ended: a confined process gets back what
    it needs to tell its end.
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
    kept: list[object] = []
    if relief:  # what the program made is not taken down piece by piece: that may take longer than the program
        relief = (*relief, lambda: kept.append(sys.modules["__main__"]), partial(BUILTINS.update, BUILTINS.copy()))
    try:
        try:
            finished = record(job.program, job.limits, send, output.printed, clock, relief)
        finally:
            clock.stop()
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
