"""The one way to run a program: ``submit`` it, read its events."""

from __future__ import annotations

import os
import sys
import threading
from collections import deque
from collections.abc import Iterator
from types import TracebackType

from engine.assemble import TraceBuilder
from engine.codec import FrameTooLarge, Job, frame
from engine.events import Event, Finished
from engine.running.fresh import FreshBackend
from engine.running.pool import PoolBackend
from engine.running.process import Backend, BackendError
from engine.running.pump import Pump
from engine.running.zygote import ZygoteBackend
from engine.sandbox.policy import Policy, confinement_of
from engine.trace import Ending, Failure, Limits, Program, Trace

UNCONFINED = "programs cannot be confined on this computer or device, so this one was not run"


def default_backend(policy: Policy = "trusted") -> Backend:
    """A zygote on Linux, processes kept ready elsewhere."""
    return ZygoteBackend(is_bare=policy != "trusted") if sys.platform == "linux" else PoolBackend()


class Queue:
    """A fair gate: at most ``n`` pass at a time, first come first served."""

    def __init__(self, n: int) -> None:
        self._condition = threading.Condition()
        self._waiting: deque[object] = deque()
        self._free = n

    def enter(self, is_cancelled: threading.Event) -> bool:
        """Wait for a place; False when cancelled meanwhile."""
        ticket = object()
        with self._condition:
            self._waiting.append(ticket)
            try:
                self._condition.wait_for(
                    lambda: is_cancelled.is_set() or (self._free > 0 and self._waiting[0] is ticket)
                )
            finally:  # also when the caller is interrupted
                self._waiting.remove(ticket)
            if not is_cancelled.is_set():
                self._free -= 1
            self._condition.notify_all()
            return not is_cancelled.is_set()

    def leave(self) -> None:
        """Give the place to the next."""
        with self._condition:
            self._free += 1
            self._condition.notify_all()

    def wake(self) -> None:
        """Let those who wait look again whether they were cancelled."""
        with self._condition:
            self._condition.notify_all()


class Runner:
    """Runs programs in child processes. Safe to use from many threads; ``close()`` leaves no process."""

    def __init__(self, backend: Backend | None = None, n_slots: int | None = None, policy: Policy = "trusted") -> None:
        self.policy: Policy = policy
        self._backend = backend or default_backend(policy)
        self._accelerated: Backend | None = None  # made when first needed
        self._queue = Queue(n_slots or max(2, os.cpu_count() or 1))
        self._lock = threading.Lock()
        self._running: dict[str, tuple[threading.Event, Pump | None]] = {}

    def start(self) -> None:
        """Begin to import torch in the background; returns at once."""
        self._backend.start()

    @property
    def is_ready(self) -> bool:
        """Whether a program would start without waiting for torch."""
        return self._backend.is_ready

    def submit(self, program: Program, limits: Limits, run_id: str, session: str = "") -> Iterator[Event]:
        """The program's events as they happen; always ends in exactly one Finished.

        ``run_id`` is the caller's name for the run, for :meth:`cancel`. Closing the iterator early
        kills the program. ``session`` names who asked.
        """
        cancelled = threading.Event()
        with self._lock:
            self._running[run_id] = (cancelled, None)
        try:
            if not self._queue.enter(cancelled):
                yield _not_run("cancelled", "stopped before it began")
                return
            try:
                yield from self._run(program, limits, run_id, cancelled)
            finally:
                self._queue.leave()
        finally:
            with self._lock:
                self._running.pop(run_id, None)

    def cancel(self, run_id: str) -> None:
        """End a run, waiting or running; its iterator ends with the ending "cancelled"."""
        with self._lock:
            cancelled, pump = self._running.get(run_id, (None, None))
        if cancelled is not None:
            cancelled.set()
            self._queue.wake()
        if pump is not None:
            pump.cancel()

    def close(self) -> None:
        """End every run and every process."""
        for run_id in list(self._running):
            self.cancel(run_id)
        self._backend.close()
        if self._accelerated is not None:
            self._accelerated.close()

    def _backend_for(self, program: Program) -> Backend:
        """A program for an accelerator never runs in a fork of the zygote, which hides it."""
        if program.device in (None, "cpu"):
            return self._backend
        with self._lock:
            if self._accelerated is None:
                self._accelerated = FreshBackend()
            return self._accelerated

    def _run(self, program: Program, limits: Limits, run_id: str, cancelled: threading.Event) -> Iterator[Event]:
        confinement = confinement_of(self.policy, limits)
        backend = self._backend_for(program)
        if confinement is not None and not backend.can_confine:
            yield _not_run("sandbox", UNCONFINED)
            return
        try:
            process = backend.launch(frame(Job(program, limits, confinement=confinement)))
        except FrameTooLarge as error:
            yield _not_run("toobig", str(error))
            return
        except BackendError as error:
            yield _not_run("sandbox", str(error))
            return
        pump = Pump(process, limits, program.filename, confinement)
        with self._lock:
            self._running[run_id] = (cancelled, pump)
        if cancelled.is_set():
            pump.cancel()
        yield from pump.events()

    def __enter__(self) -> Runner:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def run(runner: Runner, program: Program, limits: Limits | None = None, run_id: str = "run") -> Trace:
    """Run ``program`` to its end and return its trace."""
    limits = limits or Limits()
    builder = TraceBuilder(program, limits)
    for event in runner.submit(program, limits, run_id):
        builder.add(event)
    return builder.trace()


def _not_run(ending: Ending, message: str) -> Finished:
    failure = Failure(type="NotRun", message=message, line=None, phase="limit")
    return Finished(ending=ending, failure=failure, exit_status=1)
