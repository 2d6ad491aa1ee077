"""One program on its way through the runner, driven by a thread of its own."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from typing import Protocol

from engine.assemble import TraceBuilder
from engine.events import Event
from engine.trace import Limits, Program, Trace


class Runs(Protocol):
    """The part of :class:`engine.running.Runner` that a page needs."""

    @property
    def is_ready(self) -> bool: ...

    def submit(self, program: Program, limits: Limits, run_id: str, session: str = "") -> Iterator[Event]: ...

    def cancel(self, run_id: str) -> None: ...

    def place(self, run_id: str) -> int | None: ...


class RunTask:
    """A run under way. A page asks it; nobody waits for it longer than :meth:`wait` is told to."""

    def __init__(self, runner: Runs, program: Program, limits: Limits, session: str) -> None:
        self.program = program
        self.run_id = uuid.uuid4().hex
        self._runner = runner
        self._events = TraceBuilder(program, limits)
        self._ended = threading.Event()
        self._stopped = threading.Event()
        self._has_repeated_stop = False
        self._limits, self._session = limits, session
        threading.Thread(target=self._drive, name=f"run-{self.run_id[:8]}", daemon=True).start()

    @property
    def has_ended(self) -> bool:
        return self._ended.is_set()

    @property
    def place(self) -> int | None:
        """How many runs begin before this one, plus one; None once it has begun."""
        return self._runner.place(self.run_id)

    def wait(self, timeout_s: float) -> bool:
        """Whether the run has ended, looking for at most ``timeout_s``."""
        return self._ended.wait(timeout_s)

    def trace(self) -> Trace:
        """What the run told up to now; whole once it has ended."""
        return self._events.trace()

    def stop(self) -> None:
        """Ask the runner to end it; the trace then says "cancelled" and keeps what had happened."""
        self._stopped.set()
        self._runner.cancel(self.run_id)

    def _drive(self) -> None:
        try:
            for event in self._runner.submit(self.program, self._limits, self.run_id, self._session):
                self._events.add(event)
                self._stop_again_if_asked_too_early()
        finally:
            self._ended.set()

    def _stop_again_if_asked_too_early(self) -> None:
        """A stop that came before the runner knew the run's id had no effect: repeat it once."""
        if self._stopped.is_set() and not self._has_repeated_stop:
            self._has_repeated_stop = True
            self._runner.cancel(self.run_id)
