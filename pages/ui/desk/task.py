"""One program on its way through the runner, driven by a thread of its own; alone, or for several who wait for it."""

from __future__ import annotations

import threading
import uuid
import weakref
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cached_property
from typing import Protocol, Union

import msgspec

from engine.contract.assemble import TraceBuilder
from engine.contract.events import Event, Finished, Live
from engine.contract.packed import Packed
from engine.contract.trace import Limits, Program, Trace
from engine.running.ending import of_stopped
from engine.running.turns import NOBODY, Asker, Place

STOPPED = of_stopped("cancelled", Limits(), None, "", "").failure  # as for a run that is ended


class Runs(Protocol):
    """The part of :class:`engine.running.Runner` that a page needs."""

    @property
    def is_ready(self) -> bool: ...

    # A run is known to ``cancel`` from the moment it was submitted.
    def submit(self, program: Program, limits: Limits, run_id: str, asker: Asker = NOBODY) -> Iterator[Event]: ...

    def cancel(self, run_id: str) -> None: ...

    def place(self, run_id: str) -> Place | None: ...


class Task:
    """A run under way. A page asks it; nobody waits for it longer than :meth:`wait` is told to."""

    def __init__(self, runner: Runs, program: Program, limits: Limits, asker: Asker = NOBODY) -> None:
        self.program = program
        self.run_id = uuid.uuid4().hex
        self._runner = runner
        self._is_live = limits.live is not None
        self._builder = TraceBuilder(program, limits)
        self._ended = threading.Event()
        self._events = runner.submit(program, limits, self.run_id, asker)  # here, so that a stop is never too early

    def start(self, listen: Callable[[Event], None] = lambda _event: None) -> Task:
        """Begin to drive it. ``listen`` is given every event and at the end a "vanished", for a run that told none."""
        threading.Thread(target=self._drive, args=(listen,), name=f"run-{self.run_id[:8]}", daemon=True).start()
        return self

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
        return self._builder.trace()

    @property
    def printed(self) -> str:
        """The last of what it printed up to now."""
        return self._builder.printed

    def packed(self) -> Packed:
        """The same as :meth:`trace`, to be kept."""
        return self._builder.packed()

    def stop(self) -> None:
        """Ask the runner to end it; the trace then says "cancelled" and keeps what had happened."""
        self._runner.cancel(self.run_id)

    def _drive(self, listen: Callable[[Event], None]) -> None:
        with ExitStack() as at_end:
            at_end.callback(self._ended.set)
            at_end.callback(listen, Finished(ending="vanished"))
            for event in self._events:
                if not (self._is_live and isinstance(event, Live)):  # a training's losses: the listener bounds them
                    self._builder.add(event)
                listen(event)


class _Crowd:
    """A run and how many wait for it."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.lock = threading.Lock()
        self.n_waiting, self.has_been_joined = 0, False

    def join(self) -> bool:
        """One more waits for it; False when it was given up, or is over."""
        with self.lock:
            if self.has_been_joined and (self.n_waiting == 0 or self.task.has_ended):
                return False
            self.n_waiting, self.has_been_joined = self.n_waiting + 1, True
            return True

    @cached_property
    def whole(self) -> Packed:
        """Once it has ended; one recording for everybody."""
        return self.task.packed()


class SharedTask:
    """One visitor's share in a run that was joined. Whoever stops it leaves; it is ended when nobody waits any more."""

    def __init__(self, crowd: _Crowd) -> None:
        self._crowd = crowd
        self._left: Packed | None = None  # what the run had told when this visitor stopped it

    @property
    def program(self) -> Program:
        return self._crowd.task.program

    @property
    def run_id(self) -> str:
        return self._crowd.task.run_id

    @property
    def has_ended(self) -> bool:
        return self._left is not None or self._crowd.task.has_ended

    @property
    def place(self) -> Place | None:
        return self._crowd.task.place

    def wait(self, timeout_s: float) -> bool:
        """Whether the run has ended for this visitor, looking for at most ``timeout_s``."""
        return self._left is not None or self._crowd.task.wait(timeout_s)

    @property
    def printed(self) -> str:
        """The last of what it printed up to now."""
        return self._crowd.task.printed

    def packed(self) -> Packed:
        """What the run told up to now, or up to this visitor's stop; whole once it has ended."""
        if self._left is not None:
            return self._left
        if not self._crowd.task.has_ended:
            return self._crowd.task.packed()
        with self._crowd.lock:
            return self._crowd.whole

    def stop(self) -> None:
        """Leave; the last one ends the run, whose own last word is waited for then."""
        crowd = self._crowd
        with crowd.lock:
            if self._left is not None or crowd.task.has_ended:
                return
            crowd.n_waiting -= 1
            if crowd.n_waiting == 0:
                crowd.task.stop()
                return
        self._left = Packed.of(msgspec.structs.replace(crowd.task.trace(), ending="cancelled", failure=STOPPED))


AnyTask = Union[Task, SharedTask]


class SharedRuns:
    """Runs under way, found by their program, for as long as anybody holds a share."""

    def __init__(self) -> None:
        self._crowds: weakref.WeakValueDictionary[Program, _Crowd] = weakref.WeakValueDictionary()
        self._lock = threading.Lock()

    def join(self, program: Program, begin: Callable[[], Task]) -> SharedTask:
        """A share in the run of ``program`` that is under way; ``begin()`` starts one when none is."""
        with self._lock:
            crowd = self._crowds.get(program)
            while crowd is None or not crowd.join():
                crowd = self._crowds[program] = _Crowd(begin())
            return SharedTask(crowd)
