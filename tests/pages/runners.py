"""A runner without processes: each test decides when a run tells something and when it ends."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator

from engine.contract.events import Event, Finished, Printed
from engine.contract.trace import Limits, Program
from engine.running.turns import NOBODY, Asker, Place


class HandRunner:
    """Runs nothing; :meth:`end` lets the newest or a given run end with some output."""

    def __init__(self, is_ready: bool = True) -> None:
        self.is_ready = is_ready
        self.places: dict[str, Place] = {}
        self.cancelled: list[str] = []
        self.submitted: list[tuple[str, Program]] = []
        self._events: dict[str, queue.Queue[Event]] = {}
        self._known = threading.Condition()

    def submit(self, program: Program, limits: Limits, run_id: str, asker: Asker = NOBODY) -> Iterator[Event]:
        events: queue.Queue[Event] = queue.Queue()
        with self._known:
            self._events[run_id] = events
            self.submitted.append((run_id, program))
            self._known.notify_all()
        return self._told(events)

    def _told(self, events: queue.Queue[Event]) -> Iterator[Event]:
        while True:
            event = events.get()  # for ever where a test never ends its run: the thread is a daemon
            yield event
            if isinstance(event, Finished):
                return

    def cancel(self, run_id: str) -> None:
        with self._known:
            self.cancelled.append(run_id)
            if run_id in self._events:
                self._events[run_id].put(Finished(ending="cancelled"))

    def place(self, run_id: str) -> Place | None:
        """Nobody waits here, unless a test says so."""
        return self.places.get(run_id)

    def say(self, source: str, output: str) -> None:
        """Let the newest run of ``source`` print; waits until it was submitted."""
        self._events_of(source).put(Printed("stdout", output))

    def end(self, source: str, output: str = "", ending: str = "ok") -> None:
        """Let the newest run of ``source`` end; waits until it was submitted."""
        self.say(source, output)
        self._events_of(source).put(Finished(ending=ending))  # type: ignore[arg-type]

    def _events_of(self, source: str) -> queue.Queue[Event]:
        with self._known:
            assert self._known.wait_for(lambda: self._newest(source) is not None, timeout=10), f"never ran: {source}"
            return self._events[str(self._newest(source))]

    def _newest(self, source: str) -> str | None:
        return next((run_id for run_id, program in reversed(self.submitted) if program.source == source), None)
