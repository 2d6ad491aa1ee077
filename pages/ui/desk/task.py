"""One program on its way through the runner, driven by a thread of its own."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from typing import Protocol

from engine.contract.assemble import TraceBuilder
from engine.contract.events import Event
from engine.contract.packed import Packed
from engine.contract.trace import Limits, Program, Trace
from engine.running.turns import NOBODY, Asker, Place


class Runs(Protocol):
    """The part of :class:`engine.running.Runner` that a page needs."""

    @property
    def is_ready(self) -> bool: ...

    # A run is known to ``cancel`` from the moment it was submitted.
    def submit(self, program: Program, limits: Limits, run_id: str, asker: Asker = NOBODY) -> Iterator[Event]: ...

    def cancel(self, run_id: str) -> None: ...

    def place(self, run_id: str) -> Place | None: ...


class RunTask:
    """A run under way. A page asks it; nobody waits for it longer than :meth:`wait` is told to."""

    def __init__(self, runner: Runs, program: Program, limits: Limits, asker: Asker) -> None:
        self.program = program
        self.run_id = uuid.uuid4().hex
        self._runner = runner
        self._events = TraceBuilder(program, limits)
        self._ended = threading.Event()
        events = runner.submit(program, limits, self.run_id, asker)  # here, so that a stop is never too early
        threading.Thread(target=self._drive, args=(events,), name=f"run-{self.run_id[:8]}", daemon=True).start()

    @property
    def has_ended(self) -> bool:
        return self._ended.is_set()

    @property
    def place(self) -> Place | None:
        """Where it is in its line, to begin or to go on; None when it does not wait."""
        return self._runner.place(self.run_id)

    def wait(self, timeout_s: float) -> bool:
        """Whether the run has ended, looking for at most ``timeout_s``."""
        return self._ended.wait(timeout_s)

    def trace(self) -> Trace:
        """What the run told up to now; whole once it has ended."""
        return self._events.trace()

    @property
    def printed(self) -> str:
        """The last of what it printed up to now."""
        return self._events.printed

    def packed(self) -> Packed:
        """The same, to be kept."""
        return self._events.packed()

    def stop(self) -> None:
        """Ask the runner to end it; the trace then says "cancelled" and keeps what had happened."""
        self._runner.cancel(self.run_id)

    def _drive(self, events: Iterator[Event]) -> None:
        try:
            for event in events:
                self._events.add(event)
        finally:
            self._ended.set()
